/** What can be done with an offer now: ask while drivers are ranked by fit, claim afterwards. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/i18n";
import type { Offer } from "../api";
import { secondsUntil, stageOf } from "../fit";
import { Action } from "./button";
import { useApp } from "./context";

interface OfferActionProps {
  offer: Offer;
  onClaim: () => Promise<void>;
  onAsk: () => Promise<void>;
  onWithdraw: () => Promise<void>;
}

/** Looks again this often once an answer is due: whoever gives it may be a moment late. */
const LOOK_AGAIN_MS = 1_000;

export function OfferAction({ offer, onClaim, onAsk, onWithdraw }: OfferActionProps) {
  const left = useCountdown(offer.ranked?.until ?? null);
  const { clock } = useApp();
  const stage = stageOf(offer, clock.now());
  if (stage === "claim") {
    return (
      <Action name="claim" isWide busy={t("Claiming")} onTap={onClaim}>
        {t("Claim this run")}
      </Action>
    );
  }
  if (stage === "later") return <p class="muted" data-stage="later">{t("Drivers whom it fits are asked first. It opens to everyone in {n} s.", { n: left })}</p>;
  if (stage === "ask") {
    return (
      <div class="stack stack-tight" data-stage="ask">
        <Action name="ask" isWide busy={t("Asking")} onTap={onAsk}>
          {t("Ask for this run")}
        </Action>
        <p class="muted small">{t("The driver whom it fits best gets it, in {n} s. Fast tapping makes no difference.", { n: left })}</p>
      </div>
    );
  }
  return (
    <div class="stack stack-tight" data-stage="asked">
      <p class="banner" data-tone="go" role="status">{left > 0 ? t("Asked. We answer in {n} s", { n: left }) : t("Asked. The answer comes now")}</p>
      <Action name="withdraw" tone="quiet" isWide busy={t("Sending")} onTap={onWithdraw}>
        {t("I do not want it any more")}
      </Action>
    </div>
  );
}

/** Seconds left, told every second; the state is fetched when they are over, and again until it has changed. */
function useCountdown(until: string | null): number {
  const { clock, live } = useApp();
  const left = useSignal(until === null ? 0 : secondsUntil(until, clock.now()));
  useEffect(() => {
    if (until === null) return undefined;
    const timer = setInterval(() => {
      left.value = secondsUntil(until, clock.now());
      if (left.value === 0) void live.refresh();
    }, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : left.value;
}
