/** The enrolment page's countdown, the day kept fresh, and copying; without it the pages say what the server knew. */
import { offerCopy } from "./copying";
import { keepRenewed } from "./renewing";

const TICK_MS = 1_000;

function words(left_ms: number, text: string): string {
  const seconds = Math.ceil(left_ms / 1_000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return text.replace("{time}", time);
}

function countDown(line: HTMLElement): void {
  const until = Date.parse(line.dataset["until"] ?? "");
  const timer = window.setInterval(show, TICK_MS);

  function show(): void {
    const left_ms = until - Date.now();
    if (left_ms > 0) {
      line.textContent = words(left_ms, line.dataset["left"] ?? "");
      return;
    }
    clearInterval(timer);
    document.querySelectorAll<HTMLElement>('[data-hook="code"]').forEach((code) => (code.hidden = true));
    line.setAttribute("role", "status");
    line.textContent = line.dataset["over"] ?? "";
  }
  show();
}

document.querySelectorAll<HTMLElement>("[data-until]").forEach(countDown);
document.querySelectorAll<HTMLElement>("[data-renewed]").forEach(keepRenewed);
document.querySelectorAll<HTMLElement>("[data-copy]").forEach(offerCopy);
