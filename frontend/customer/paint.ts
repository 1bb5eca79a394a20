/** Writes a state into the page that the server has drawn: each line in place, so that nothing jumps. DOM. */
import { clockTime } from "../lib/format";
import { t } from "../lib/i18n";
import type { LiveView } from "../lib/store";
import { groupedPin, keptTogether } from "./announcement";
import type { TrackingState } from "./api";
import { part, reveal, say } from "../lib/hooks";

/** Write everything but map and form. */
export function paint(state: TrackingState): void {
  part("track").dataset["status"] = state.status;
  say("headline", keptTogether(state.headline));
  say("sentence", state.sentence);
  document.title = `${state.headline} · Mallrun`;
  paintLadder(state);
  paintDoor(state);
  paintProof(state);
  say("window", state.window.text);
  reveal("address-row", state.address !== "");
  say("address", state.address);
  reveal("driver-row", state.driver !== null);
  if (state.driver) say("driver", [state.driver.first_name, state.driver.vehicle].filter(Boolean).join(" · "));
  paintTimeline(state);
}

/** The quiet last line: whether what the page says is fresh. Over everything while it is not. */
export function paintFreshness({ freshness, lastAt, state }: LiveView<TrackingState>): void {
  // The answer at the top may be old: then the line comes into sight wherever the page is scrolled to.
  const isStale = !state?.is_final && freshness === "offline" && lastAt !== null;
  part("freshness").dataset["stale"] = String(isStale);
  if (state?.is_final) return say("freshness", t("This page shows the outcome until 24 hours after the end."));
  if (freshness !== "offline" || lastAt === null || !state) return say("freshness", t("This page updates by itself."));
  const time = clockTime(new Date(lastAt).toISOString(), state.timezone);
  say("freshness", t("No connection right now. This is what we knew at {time}.", { time }));
}

function paintLadder(state: TrackingState): void {
  reveal("ladder", state.steps.length > 0);
  part("ladder").querySelectorAll("li").forEach((rung, index) => {
    rung.dataset["state"] = index <= state.step ? "done" : "ahead";
    if (index === state.step) rung.setAttribute("aria-current", "step");
    else rung.removeAttribute("aria-current");
  });
}

function paintDoor(state: TrackingState): void {
  reveal("door", state.pin !== null);
  say("pin", state.pin ? groupedPin(state.pin) : "");
  reveal("pin-line", !state.pin_locked);
  reveal("show-both", !state.pin_locked);
  reveal("show-code", state.pin_locked);
  const code = part<HTMLImageElement>("code");
  code.hidden = state.code_url === null;
  if (state.code_url === null) code.removeAttribute("src");
  else if (code.getAttribute("src") !== state.code_url) code.src = state.code_url;
}

function paintProof({ proof }: TrackingState): void {
  reveal("proof", proof !== null);
  if (!proof) return;
  say("proof-text", proof.text);
  const photo = part<HTMLImageElement>("photo");
  photo.hidden = proof.photo_url === null;
  if (proof.photo_url !== null && photo.getAttribute("src") !== proof.photo_url) photo.src = proof.photo_url;
}

function paintTimeline({ timeline }: TrackingState): void {
  const list = part("timeline");
  // Events are only ever added; a line that stands is left alone.
  timeline.slice(list.children.length).forEach((entry) => {
    const line = document.createElement("li");
    const time = document.createElement("time");
    time.dateTime = entry.at;
    time.textContent = entry.at_text;
    const text = document.createElement("span");
    text.textContent = entry.text;
    line.append(time, text);
    list.append(line);
  });
}

