/** The frame of every screen: top line, title that takes the focus, content, and the one main action at the bottom. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../lib/i18n";
import { back } from "../navigation";
import { type Route, hrefOf } from "../route";
import { announcement, state } from "../state";
import { StatusLine } from "./status-line";

interface ScreenProps {
  title: string;
  /** Where "Back" leads when there is no history; without it this is a home screen. */
  parent?: Route;
  /** Content of the bar in the thumb's reach. */
  bar?: ComponentChildren;
  children: ComponentChildren;
}

/** What is read out first and not on the very first paint, where the browser reads the page by itself. */
let isFirstPaint = true;

export function Screen({ title, parent, bar, children }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // What was said at home is read by the time somebody opens a further screen.
  useEffect(() => {
    if (parent) announcement.value = null;
  }, []);
  // Before the screen is painted: what is typed at once must not lose its field to a late focus.
  useLayoutEffect(() => {
    document.title = `${title} · Mallrun`;
    if (!isFirstPaint) {
      window.scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
    isFirstPaint = false;
  }, [title]);
  return (
    <>
      <TopLine {...(parent ? { parent } : {})} />
      <div class={bar ? "page page-narrow has-bar stack" : "page page-narrow stack"}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </div>
      {bar && <div class="bar">{bar}</div>}
    </>
  );
}

function TopLine({ parent }: { parent?: Route }) {
  return (
    <div class="top">
      <div class="top-line">
        {parent ? (
          <button type="button" class="button button-quiet top-back" data-action="back" onClick={() => back(parent)}>
            {t("Back")}
          </button>
        ) : (
          <span class="top-brand">Mallrun</span>
        )}
        <a class="button button-quiet" data-action="account" href={hrefOf({ name: "account" })}>
          <span class="visually-hidden">{t("Account:")} </span>
          {state.value?.me.first_name ?? t("Account")}
        </a>
      </div>
      <StatusLine />
    </div>
  );
}
