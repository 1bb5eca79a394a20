/** The codes that this phone shows to a counter's tablet, in turn: its own, drawn anew again and again, and tickets. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/i18n";
import type { QrDrawing } from "../../lib/qr";
import { keepAwake } from "../../lib/wakelock";
import { REDRAWN_EVERY_MS, TURN_MS } from "../presence";
import { useApp } from "./context";

interface Shown {
  drawing: QrDrawing;
  /** 0 is the phone's own code, then the tickets. */
  turn: number;
}

interface Props {
  /** A fresh code of this phone, or null when it has no key. */
  draw: () => Promise<string | null>;
  tickets?: readonly string[];
  /** What to do when there is no code. */
  otherwise: string;
}

const NONE: readonly string[] = [];

export function ShownCodes({ draw, tickets = NONE, otherwise }: Props) {
  const shown = useCodes(draw, tickets);
  const many = 1 + tickets.length;
  if (shown === "missing") return <p role="alert">{t("This phone cannot show its code now.")} {otherwise}</p>;
  return (
    <figure class="show-code" data-presence={shown ? shown.turn : undefined}>
      {shown ? (
        <svg class="qr" viewBox={shown.drawing.viewBox} role="img" aria-label={t("Code for the clerk’s tablet")}>
          <path d={shown.drawing.path} />
        </svg>
      ) : (
        <div class="qr skeleton" />
      )}
      {many > 1 && <figcaption class="muted">{t("Code {n} of {many}. They take turns; the tablet says which it needs.", { n: (shown?.turn ?? 0) + 1, many })}</figcaption>}
    </figure>
  );
}

/** Draw the codes in turn as long as the screen is shown; the screen stays awake meanwhile. */
function useCodes(draw: Props["draw"], tickets: readonly string[]): Shown | null | "missing" {
  const { clock } = useApp();
  const shown = useSignal<Shown | null | "missing">(null);
  useEffect(() => {
    let isGone = false;
    let cancel: () => void = () => undefined;
    let own = { text: "", drawnAt: -Infinity };
    async function textOf(turn: number): Promise<string | null> {
      if (turn > 0) return tickets[turn - 1] ?? null;
      const isFresh = clock.device() - own.drawnAt < REDRAWN_EVERY_MS - TURN_MS;
      const text = isFresh ? own.text : await draw();
      if (text !== own.text) own = { text: text ?? "", drawnAt: clock.device() };
      return text;
    }
    async function show(turn: number): Promise<void> {
      const [{ drawQr }, text] = await Promise.all([import("../../lib/qr"), textOf(turn)]);
      if (isGone) return;
      shown.value = text === null ? "missing" : { drawing: drawQr(text), turn };
      const next = (turn + 1) % (1 + tickets.length);
      if (text !== null) cancel = clock.after(tickets.length > 0 ? TURN_MS : REDRAWN_EVERY_MS, () => begin(next));
    }
    const begin = (turn: number): void => void show(turn).catch(() => (shown.value = "missing"));
    begin(0);
    const sleep = keepAwake();
    return () => {
      isGone = true;
      cancel();
      sleep();
    };
  }, [tickets.join()]);
  return shown.value;
}
