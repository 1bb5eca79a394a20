/** The custody page, checking: the server has told the story, this holds its proof to it. DOM. */
import { loadMessages, t } from "../lib/i18n";
import { part, reveal, say } from "../lib/hooks";
import { type Storage, recall, remember } from "./memory";
import { type Failed, type Held, type Memory, verifyProof } from "./verify";
import { type Outcome, coverageText, linesFor, outcomeText, verdictText } from "./words";

const TONES: Record<Outcome, string> = { holds: "go", fails: "stop", open: "neutral" };

async function start(): Promise<void> {
  await loadMessages(document.documentElement.lang);
  reveal("without-script", false);
  reveal("checking", true);
  part("again").addEventListener("click", () => void check());
  await check();
}

async function check(): Promise<void> {
  reveal("again", false);
  // Without https a browser has no WebCrypto; the script needs none.
  if (!globalThis.crypto?.subtle) return conclude(t("This check needs a secure page (https). The script below needs none."), "warn");
  const { address, handle } = part("custody").dataset;
  const memory = recall(storage(), handle!);
  paintLines(null, memory);
  conclude(t("Checking…"), "neutral");
  const text = await download(`${address}/proof${memory?.anchor ? `?anchor=${memory.anchor}` : ""}`);
  if (text === null) {
    reveal("again", true);
    return conclude(t("The proof could not be loaded. Check the connection and try again."), "warn");
  }
  const verdict = await verifyProof(text, memory);
  paintLines(verdict, memory);
  conclude(verdictText(verdict), verdict.holds ? "go" : "stop");
  say("facts", verdict.holds ? coverageText(verdict) : t("Download the proof now, keep it, and tell the store."));
  reveal("facts", true);
  if (!verdict.holds) return;
  remember(storage(), handle!, verdict.memory, Date.now());
  paintNotes(verdict);
}

async function download(address: string): Promise<string | null> {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

function conclude(words: string, tone: "neutral" | "go" | "warn" | "stop"): void {
  part("verdict").dataset["tone"] = tone;
  say("verdict", words);
}

function paintLines(verdict: Held | Failed | null, memory: Memory | null): void {
  const lines = linesFor(verdict, memory !== null).map(({ text, outcome }) => {
    const line = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = text;
    const badge = document.createElement("span");
    badge.className = "badge";
    badge.dataset["tone"] = TONES[outcome];
    badge.textContent = outcomeText(outcome);
    line.append(words, badge);
    return line;
  });
  part("checks").replaceChildren(...lines);
}

function paintNotes(held: Held): void {
  say("head", held.memory.head);
  say("anchor", held.memory.anchor ?? "");
  reveal("anchor", held.memory.anchor !== null);
  reveal("anchor-name", held.memory.anchor !== null);
  reveal("notes", true);
}

/** `localStorage`, or a stand-in that forgets where a browser forbids it. */
function storage(): Storage {
  try {
    return localStorage;
  } catch {
    return { length: 0, key: () => null, getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  }
}

void start();
