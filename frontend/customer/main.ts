/** The tracking page, alive: the server has drawn it, this keeps it up to date until the delivery is over. */
import type { PositionMessage } from "../lib/api";
import { createClock } from "../lib/clock";
import { createHttp } from "../lib/http";
import { loadMessages, t } from "../lib/i18n";
import { pageEvents } from "../lib/page-events";
import { type LiveView, createLiveState } from "../lib/store";
import { announcement } from "./announcement";
import type { TrackingState } from "./api";
import { part, say } from "../lib/hooks";
import { createInstructionsForm } from "./instructions";
import { createMapPanel } from "./map-panel";
import { paint, paintFreshness } from "./paint";
import { visibleFix } from "./position";
import { createSaver } from "./saving";

const AGE_EVERY_MS = 10_000;
const COPIED_FOR_MS = 3_000;
const GONE = new Set([404, 410]);

async function start(): Promise<void> {
  await loadMessages(document.documentElement.lang);
  const drawn = JSON.parse(part("state").textContent ?? "") as TrackingState;
  const address = part("track").dataset["address"]!;
  const clock = createClock();
  const http = createHttp({ fetch: (input, init) => fetch(input, init), basePath: address });
  const live = createLiveState<TrackingState>({ http, clock, events: pageEvents(document, window), keeper: null, onPosition });
  const map = createMapPanel();
  const form = createInstructionsForm(drawn, createSaver(http, clock), { onSaved: live.replace, onUnanswered: () => void live.refresh() });
  let message: PositionMessage | null = null;
  let before: TrackingState | null = null;
  let stop: () => void = () => undefined;

  function onPosition(heard: PositionMessage): void {
    message = heard;
    paintMap();
  }

  function paintMap(): void {
    const { state } = live.view();
    if (!state) return;
    // What was heard before the driver went out of sight must not show again.
    if (!state.position_allowed) message = null;
    map.paint(state, visibleFix(state, message), clock.now());
  }

  function onView(view: LiveView<TrackingState>): void {
    if (view.problem && GONE.has(view.problem.status)) {
      stop();
      return location.reload();
    }
    paintFreshness(view);
    if (!view.state) return;
    if (view.state !== before) {
      paint(view.state);
      form.paint(view.state);
      const words = announcement(before, view.state);
      if (words) say("announcement", words);
      before = view.state;
    }
    paintMap();
    if (view.freshness !== "offline") form.online();
    if (view.state.is_final) stop();
  }

  clock.learn(drawn.server_time, clock.device(), clock.device());
  live.replace(drawn);
  live.subscribe(onView);
  offerCopy();
  if (drawn.is_final) return;
  const end = live.start();
  const ages = setInterval(paintMap, AGE_EVERY_MS);
  stop = () => {
    end();
    clearInterval(ages);
  };
}

/** The button is drawn hidden: without script, or without a clipboard, it would do nothing. */
function offerCopy(): void {
  const button = part<HTMLButtonElement>("copy");
  button.hidden = !navigator.clipboard;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    const digits = (part("pin").textContent ?? "").replaceAll(" ", "");
    const isCopied = await navigator.clipboard.writeText(digits).then(() => true, () => false);
    button.textContent = isCopied ? t("Copied") : t("Not copied");
    setTimeout(() => (button.textContent = words), COPIED_FOR_MS);
  });
}

void start();
