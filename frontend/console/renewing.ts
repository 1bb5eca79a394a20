/**
 * A page of the server's that stays open: its sections are fetched again now and then. DOM.
 *
 * Without it the page says nothing of updating, and loads again as any page does.
 */

/** As often as the tracking page asks when it has no socket. */
const EVERY_MS = 15_000;

/** @param line Says that the page is kept fresh, or since when it is not. */
export function keepRenewed(line: HTMLElement): void {
  let renewedAt = Date.now();

  function say(text: string): void {
    if (line.textContent !== text) line.textContent = text;
  }

  async function renew(): Promise<void> {
    if (document.hidden) return;
    const page = await pageAgain();
    if (page === "signed_out") return location.reload();
    if (page === null) return say((line.dataset["stale"] ?? "").replace("{time}", clock(renewedAt)));
    renewedAt = Date.now();
    say(line.dataset["renewed"] ?? "");
    replaceSections(page);
  }

  say(line.dataset["renewed"] ?? "");
  window.setInterval(() => void renew(), EVERY_MS);
  document.addEventListener("visibilitychange", () => void renew());
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

/** Put the new sections in the place of the old ones; what has not changed stays untouched. */
function replaceSections(page: Document): void {
  const old = [...document.querySelectorAll("main > section")];
  const fresh = [...page.querySelectorAll("main > section")];
  fresh.forEach((section, at) => {
    if (old[at]?.outerHTML === section.outerHTML) return;
    if (old[at]) old[at].replaceWith(section);
    else document.querySelector("main")?.append(section);
  });
  old.slice(fresh.length).forEach((section) => section.remove());
}

function clock(at: number): string {
  return new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }).format(at);
}
