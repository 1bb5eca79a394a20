/**
 * "Order within 1 h 12 min, get it today" in any shop's page:
 *
 *   <script src="https://mall.example/promise.js" async></script>
 *   <div data-mallrun-store="str_…" data-mallrun-postal-code="85224"></div>
 *
 * More attributes: `data-mallrun-action` (`choose` for a button that tells the page by the event
 * `mallrun:chosen`; without it a link to the hosted checkout where the store has it),
 * `data-mallrun-ref` (the shop's order number), `data-style="none"` (the shop's own style),
 * `data-mallrun-reasons` (also say why it does not come today), `lang`.
 *
 * Shows nothing rather than something broken; keeps nothing; needs no inline style.
 */
import type { Answer } from "./answer.ts";
import { ask, promiseUrl } from "./answer.ts";
import { languageOf, minutesLeft, wordsOf } from "./countdown.ts";
import { newSheet } from "./style.ts";

const SELECTOR = "[data-mallrun-store]";
const WATCHED = ["data-mallrun-store", "data-mallrun-postal-code", "data-mallrun-action", "data-mallrun-ref", "lang"];
const TICK_MS = 1_000;
const ASK_AGAIN_MS = 5 * 60_000;

const script = document.currentScript as HTMLScriptElement | null;
const origin = new URL(script?.src ?? location.href).origin;
const badges = new Map<HTMLElement, Badge>();

class Badge {
  private answer: Answer | undefined;
  private answeredAt = 0;
  private askedAt = -Infinity;
  private asked = "";
  private words = document.createElement("p");
  private act: HTMLElement | undefined;
  private root: HTMLElement | ShadowRoot | undefined;
  private readonly host: HTMLElement;

  constructor(host: HTMLElement) {
    this.host = host;
    // There from the beginning, so that a screen reader hears what comes into it.
    this.words.setAttribute("role", "status");
    this.words.className = "mallrun-words";
  }

  /** Ask anew when there is reason to, and show what is so now. */
  refresh(): void {
    const { mallrunStore: store, mallrunPostalCode: postalCode } = this.host.dataset;
    const url = store && postalCode ? promiseUrl(origin, store, postalCode, this.language()) : "";
    const now = performance.now();
    const isOver = this.answer?.today === true && minutesLeft(this.answer, now - this.answeredAt) === 0;
    if (url !== this.asked) this.answer = undefined;
    else if (now - this.askedAt < (isOver ? ASK_AGAIN_MS / 5 : ASK_AGAIN_MS)) return this.show();
    this.asked = url;
    this.askedAt = now;
    this.show();
    if (url !== "") void this.take(url);
  }

  /** Act on changed attributes that are no part of the question. */
  renew(): void {
    this.act?.remove();
    this.act = undefined;
    this.refresh();
  }

  private async take(url: string): Promise<void> {
    const answer = await ask(url);
    if (url !== this.asked) return;
    // An answer that did not come leaves the last one, which counts down by itself.
    if (answer !== undefined) {
      this.answer = answer;
      this.answeredAt = performance.now();
    }
    this.show();
  }

  private show(): void {
    const since = performance.now() - this.answeredAt;
    const yes = this.answer ? wordsOf(this.answer, since) : "";
    const no = this.answer && !this.answer.today && "mallrunReasons" in this.host.dataset;
    const words = yes || (no ? `${this.answer?.text} ${this.answer?.next_step}` : "");
    if (this.root === undefined) {
      if (words === "") return;
      this.root = this.makeRoot();
      this.root.append(this.words);
    }
    // Only what changes is written: once a minute at most, for screen readers.
    if (this.words.textContent !== words) this.words.textContent = words;
    this.words.hidden = words === "";
    const wantsAct = yes !== "" && (this.answer?.has_checkout || this.isChosen());
    if (wantsAct && this.act === undefined) {
      this.act = this.makeAct();
      this.root.append(this.act);
    } else if (!wantsAct) {
      this.act?.remove();
      this.act = undefined;
    }
  }

  private makeRoot(): HTMLElement | ShadowRoot {
    if (this.host.dataset["style"] === "none") return this.host;
    const root = this.host.shadowRoot ?? this.host.attachShadow({ mode: "open" });
    const sheet = newSheet();
    if (sheet !== undefined) root.adoptedStyleSheets = [sheet];
    return root;
  }

  private makeAct(): HTMLElement {
    const act = document.createElement(this.isChosen() ? "button" : "a");
    act.className = "mallrun-act";
    act.textContent = this.answer?.title ?? "";
    if (act instanceof HTMLButtonElement) {
      act.type = "button";
      act.addEventListener("click", () => this.choose());
    } else if (act instanceof HTMLAnchorElement) {
      act.href = this.checkoutUrl();
    }
    return act;
  }

  private choose(): void {
    const detail = { ...this.answer, checkout_url: this.answer?.has_checkout ? this.checkoutUrl() : null };
    this.host.dispatchEvent(new CustomEvent("mallrun:chosen", { bubbles: true, detail }));
  }

  private checkoutUrl(): string {
    const { mallrunRef: ref } = this.host.dataset;
    return this.asked.replace("/promise?", "/promise/checkout?") + (ref ? `&ref=${encodeURIComponent(ref)}` : "");
  }

  private isChosen(): boolean {
    return this.host.dataset["mallrunAction"] === "choose";
  }

  private language(): string {
    return languageOf(this.host.closest("[lang]")?.getAttribute("lang"));
  }
}

/** Take up places that are new in the page, and let go of those that are gone. */
function look(): void {
  for (const host of badges.keys()) if (!host.isConnected) badges.delete(host);
  for (const host of document.querySelectorAll<HTMLElement>(SELECTOR)) {
    if (badges.has(host)) continue;
    const badge = new Badge(host);
    badges.set(host, badge);
    badge.refresh();
  }
}

function onChange(records: MutationRecord[]): void {
  if (records.some(({ type }) => type === "childList")) look();
  for (const { type, target } of records) {
    if (type === "attributes") badges.get(target as HTMLElement)?.renew();
  }
}

function begin(): void {
  look();
  new MutationObserver(onChange).observe(document.documentElement, {
    attributes: true,
    attributeFilter: WATCHED,
    childList: true,
    subtree: true,
  });
  setInterval(() => {
    if (!document.hidden) for (const badge of badges.values()) badge.refresh();
  }, TICK_MS);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
