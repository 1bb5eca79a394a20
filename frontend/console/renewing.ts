/**
 * A page of the server's that stays open: its sections are fetched again now and then. DOM.
 *
 * Without it the page says nothing of updating, and loads again as any page does.
 */
import { createClock } from "../lib/clock";
import { createLiveSocket } from "../lib/socket";

/** As often as the tracking page asks when it has no socket. */
const EVERY_MS = 15_000;
/** With one the page is asked for when something has happened, and now and then for what the clock changes. */
const EVERY_LIVE_MS = 60_000;
/** What happens together is shown together. */
const GATHER_MS = 500;

/** @param line Says that the page is kept fresh, or since when it is not; `data-live` is where tickets for a socket are. */
export function keepRenewed(line: HTMLElement): void {
  let renewedAt = Date.now();
  let askedAt = renewedAt;
  let isLive = false;
  let gathering: number | null = null;

  function say(text: string): void {
    if (line.textContent !== text) line.textContent = text;
  }

  async function renew(): Promise<void> {
    if (document.hidden) return;
    askedAt = Date.now();
    const page = await pageAgain();
    if (page === "signed_out") return location.reload();
    if (page === null) return say((line.dataset["stale"] ?? "").replace("{time}", clock(renewedAt)));
    renewedAt = Date.now();
    say(line.dataset["renewed"] ?? "");
    replaceSections(page);
  }

  say(line.dataset["renewed"] ?? "");
  window.setInterval(() => {
    if (!isLive || Date.now() - askedAt >= EVERY_LIVE_MS) void renew();
  }, EVERY_MS);
  document.addEventListener("visibilitychange", () => void renew());

  const address = line.dataset["live"];
  if (address === undefined) return;
  const socket = createLiveSocket({
    ticket: () => ticketFrom(address),
    onChanged: () => {
      gathering ??= window.setTimeout(() => {
        gathering = null;
        void renew();
      }, GATHER_MS);
    },
    onEnded: () => location.reload(),
    onConnected: (isConnected) => {
      isLive = isConnected;
      line.dataset["connected"] = String(isConnected);
      // What happened while nobody listened.
      if (isConnected) void renew();
    },
    clock: createClock(),
  });
  socket.open();
}

async function ticketFrom(address: string): Promise<string | null> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const granted = answer.ok ? ((await answer.json()) as { ticket: string }) : null;
  return granted?.ticket ?? null;
}

/** The page as it is now; null without a connection. */
async function pageAgain(): Promise<Document | "signed_out" | null> {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) return "signed_out";
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

/** Put the new sections in the place of the old ones; what has not changed stays untouched, and so does what was opened. */
function replaceSections(page: Document): void {
  const old = [...document.querySelectorAll("main > section")];
  const fresh = [...page.querySelectorAll("main > section")];
  fresh.forEach((section, at) => {
    const before = old[at];
    if (!before) return document.querySelector("main")?.append(section);
    keepOpened(before, section);
    if (before.outerHTML === section.outerHTML) return;
    const focused = before.contains(document.activeElement) ? document.activeElement : null;
    before.replaceWith(section);
    if (focused) sameIn(section, focused)?.focus({ preventScroll: true });
  });
  old.slice(fresh.length).forEach((section) => section.remove());
}

/** What somebody has unfolded, the server sends folded. */
function keepOpened(before: Element, section: Element): void {
  for (const part of before.querySelectorAll("details[id]")) {
    section.querySelector(`details#${CSS.escape(part.id)}`)?.toggleAttribute("open", part.hasAttribute("open"));
  }
}

/** The link or fold of a new section that is the same as one of the old. */
function sameIn(section: Element, focused: Element): HTMLElement | null {
  const link = focused.getAttribute("href");
  if (link !== null) return section.querySelector<HTMLElement>(`a[href="${CSS.escape(link)}"]`);
  const fold = focused.parentElement?.id;
  return fold ? section.querySelector<HTMLElement>(`details#${CSS.escape(fold)} > summary`) : null;
}

function clock(at: number): string {
  return new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }).format(at);
}
