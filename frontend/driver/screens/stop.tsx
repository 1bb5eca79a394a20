/** One stop: its one thing to do as the title, what one needs for it, and below it the whole run. */
import { t } from "../../lib/i18n";
import type { DropoffStop, Run, Stop } from "../api";
import { go } from "../navigation";
import { loadAtStop } from "../parts/at-stop";
import { Banners } from "../parts/banners";
import { Action } from "../parts/button";
import { Call } from "../parts/call";
import { useApp } from "../parts/context";
import { DropoffDetails } from "../parts/dropoff-details";
import { HoldBanner, isHeld } from "../parts/hold";
import { lazily } from "../parts/lazily";
import { useOutcome } from "../parts/outcome";
import { PayDetails } from "../parts/pay";
import { PickupDetails } from "../parts/pickup-details";
import { ProblemBanner } from "../parts/problem";
import { RunMap } from "../parts/run-map";
import { Screen } from "../parts/screen";
import { StepBadge, StopList } from "../parts/stop-list";
import { HandOverBar } from "../parts/stop-bar";
import { type StopPage, hrefOf } from "../route";
import { outbox, progressOf } from "../state";
import { type Mark, counterOf, isCancelled, pinTriesLeft, titleOf, waysOf } from "../steps";
import { storeBefore } from "../stop-words";

/** What few stops need, and none before it is tapped or come to. */
const Seldom = lazily(loadAtStop, "part");

interface StopScreenProps {
  stop: Stop;
  run: Run;
  page: StopPage;
  isHome?: boolean;
}

export function StopScreen({ stop, run, page, isHome = false }: StopScreenProps) {
  const { problem, take } = useOutcome();
  const { mark, step } = progressOf(stop);
  return (
    <Screen title={titleOf(stop, mark)} bar={<StopBar stop={stop} run={run} take={take} />} {...(isHome ? {} : { parent: { name: "home" } })}>
      <Banners />
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      {(step === "kept" || step === "over") && <p><StepBadge stop={stop} step={step} /></p>}
      {isCancelled(stop) && <p>{t("What you came for was cancelled. Leave the parcels at the counter. Nothing is taken from your pay.")}</p>}
      {step === "kept" && <p>{t("Saved on this phone. The server has not got it yet; it is sent when there is signal.")}</p>}
      {step === "kept" && stop.kind === "dropoff" && <PinAgain stop={stop} mark={mark} />}
      {mark.hasArrived && step !== "kept" && <p class="muted">{t("Your arrival is saved on this phone and not sent yet.")}</p>}
      {isHeld(stop) && <HoldBanner />}
      {step === "deliver" && stop.kind === "dropoff" && waysOf(stop.delivery)[0] === "photo" && <Seldom>{({ KeptStill }) => <KeptStill stop={stop} />}</Seldom>}
      {stop.kind === "pickup" && <PickupDetails stop={stop} run={run} mark={mark} step={step} />}
      {stop.kind === "dropoff" && <DropoffDetails stop={stop} run={run} step={step} />}
      {stop.kind === "return" && <Seldom>{({ ReturnDetails }) => <ReturnDetails stop={stop} run={run} step={step} />}</Seldom>}
      {isHome && <WholeRun run={run} />}
      {page === "navigate" && <Seldom>{({ NavigateSheet }) => <NavigateSheet stop={stop} run={run} />}</Seldom>}
    </Screen>
  );
}

/** A PIN that waits to be checked may have been mistyped: the customer is still at the door. */
function PinAgain({ stop, mark }: { stop: DropoffStop; mark: Mark }) {
  if (mark.pinTries === 0) return null;
  const left = pinTriesLeft(stop.delivery, mark);
  return (
    <>
      <p>{t("The PIN will be checked when there is signal.")}</p>
      {left > 0 && (
        <a class="button button-wide" data-action="pin" href={hrefOf({ name: "stop", stopId: stop.id, page: "pin" })}>
          {t("Enter the PIN again")}
        </a>
      )}
    </>
  );
}

function StopBar({ stop, run, take }: { stop: Stop; run: Run; take: ReturnType<typeof useOutcome>["take"] }) {
  const { commands } = useApp();
  const { step } = progressOf(stop);
  if (step === "kept" || step === "over") {
    return (
      <a class="button button-primary" href={hrefOf({ name: "home" })}>
        {t("Go on")}
      </a>
    );
  }
  if (step !== "go") return <HandOverBar stop={stop} run={run} take={take} />;
  const counter = stop.kind === "dropoff" && counterOf(stop.delivery.handle, run, outbox.value.pending);
  if (counter) {
    return (
      <a class="button button-primary" data-action="collect-first" href={hrefOf({ name: "stop", stopId: counter.id, page: "here" })}>
        {t("Collect at {store} first", { store: counter.store.name })}
      </a>
    );
  }
  const before = storeBefore(stop, run);
  // Between two counters one walks: the way to the car park would lead out of the mall.
  const isInside = before !== null && progressOf(before).step !== "go";
  return (
    <>
      {!isInside && (
        <button type="button" class="button" data-action="navigate" onClick={() => go({ name: "stop", stopId: stop.id, page: "navigate" })}>
          {t("Show the way")}
        </button>
      )}
      <Action name="arrive" busy={t("Saving")} onTap={async () => take(await commands.arrive(stop.id))}>
        {stop.kind === "dropoff" ? t("I am at the door") : t("I am at the counter")}
      </Action>
    </>
  );
}

function WholeRun({ run }: { run: Run }) {
  return (
    <>
      <StopList run={run} heading={t("All stops, in order")} />
      <RunMap run={run} />
      <section class="stack stack-tight" aria-labelledby="pay-title">
        <h2 id="pay-title">{t("Pay for this run")}</h2>
        <PayDetails lines={run.pay} total={run.pay_total} />
      </section>
      {run.can_release && (
        <a class="button button-quiet" data-action="release" href={hrefOf({ name: "release" })}>
          {t("Give this run back")}
        </a>
      )}
      <Call />
    </>
  );
}
