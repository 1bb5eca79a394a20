/** Small pieces that several screens show. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import callsDispatcher from "../../generated/calls-dispatcher.json";
import type { Problem } from "../../lib/api";
import { t } from "../../lib/i18n";
import type { ArrivingDriver } from "../api";
import { useDesk } from "../desk";
import { addressOf, go } from "../route";
import type { Tone } from "../words";

/** A title that takes the focus when its screen opens, so that a screen reader begins there. */
export function ScreenTitle({ children, isLevel2 }: { children: ComponentChildren; isLevel2?: boolean }) {
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), []);
  return isLevel2 ? <h2 ref={title} tabIndex={-1}>{children}</h2> : <h1 ref={title} tabIndex={-1}>{children}</h1>;
}

/** What happened, why, what to do now; the stable code small below. */
export function ProblemBanner({ problem }: { problem: Problem }) {
  return (
    <div class="banner" data-tone="stop" role="alert" data-problem={problem.code}>
      <p>{problem.title}</p>
      <p>{problem.detail} {problem.next_step}</p>
      {callsDispatcher.includes(problem.code) && <DispatcherNumber />}
      <p class="code">{problem.code}</p>
    </div>
  );
}

/** Whom to call, to be read and dialled elsewhere: a tablet makes no calls. Nothing where the place has no number. */
export function DispatcherNumber() {
  const number = useDesk().view.value.state?.store.dispatcher_phone;
  return number ? <p class="strong number" data-dispatcher>{t("Dispatcher: {number}", { number })}</p> : null;
}

/** A word with its shape and colour. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class="badge" data-tone={tone}>{children}</span>;
}

/** Back to the board, above a screen's title. */
export function BackLink() {
  return (
    <p>
      <a class="button button-quiet back" href={addressOf({ screen: "board" })}>
        <span aria-hidden="true">←</span> {t("Back to the counter")}
      </a>
    </p>
  );
}

/** A sheet over the board; closing it goes back to the board. */
export function Sheet({ title, children }: { title: string; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const [element, address] = [dialog.current, location.hash];
    element?.showModal();
    return () => {
      element?.close();
      // Following a link to a part of the page makes the browser forget what had the focus: give it back to the link.
      queueMicrotask(() => document.querySelector<HTMLElement>(`a[href="${address}"]`)?.focus());
    };
  }, []);
  return (
    <dialog class="sheet clerk-sheet" ref={dialog} aria-label={title} onCancel={(event) => {
      event.preventDefault();
      go({ screen: "board" });
    }}>
      <div class="stack">
        <div class="sheet-head">
          <ScreenTitle isLevel2>{title}</ScreenTitle>
          <button type="button" class="button" onClick={() => go({ screen: "board" })}>{t("Close")}</button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

/** A driver's face, large enough to compare with the person at the counter; a letter where there is no photo. */
export function DriverPhoto({ driver, isLarge }: { driver: Pick<ArrivingDriver["driver"], "person_id" | "first_name" | "photo_url">; isLarge?: boolean }) {
  const desk = useDesk();
  const [missing, setMissing] = useState<string | null>(null);
  const address = desk.photos.urls.value.get(driver.person_id) ?? driver.photo_url;
  const className = isLarge ? "driver-photo driver-photo-large" : "driver-photo";
  if (address === null || address === missing) return <span class={className} aria-hidden="true">{driver.first_name.slice(0, 1)}</span>;
  return (
    <img class={className} src={address} alt={t("Photo of {name}", { name: driver.first_name })} width="192" height="192"
      onError={() => setMissing(address)} />
  );
}
