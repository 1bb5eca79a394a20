/** On duty without a run: the runs on offer, asked for while they are new, and claimed with one tap afterwards. */
import { useEffect, useRef } from "preact/hooks";
import { money } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { DriverState, Offer } from "../api";
import type { Outcome } from "../commands";
import { hereForAsking } from "../here";
import { Answers } from "../parts/answers";
import { Banners } from "../parts/banners";
import { useApp } from "../parts/context";
import { InstallHint } from "../parts/install-hint";
import { OfferAction } from "../parts/offer-action";
import { OfferCard } from "../parts/offer-card";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { ShiftLine } from "../parts/shift-line";
import { StayAwake } from "../parts/stay-awake";
import { hrefOf } from "../route";
import { live, say } from "../state";

export function OffersScreen({ state }: { state: DriverState }) {
  const { commands, live: liveState } = useApp();
  const { problem, take } = useOutcome();
  const isOffline = live.value.freshness === "offline";

  async function claim(runId: string): Promise<void> {
    // Whoever lost sees at once what is left.
    if (!take(await commands.claim(runId), t("The run is yours"))) await liveState.refresh();
  }

  async function tell(asked: Promise<Outcome>): Promise<void> {
    if (!take(await asked)) await liveState.refresh();
  }
  const ask = (runId: string): Promise<void> => tell(hereForAsking().then((here) => commands.ask(runId, here)));

  useNewOffers(state.offers);

  return (
    <Screen title={t("Runs on offer")}>
      <Banners />
      <Answers answers={state.answers ?? []} />
      {problem.value && <ProblemBanner problem={problem.value} tone="warn" isAlert />}
      {isOffline && (
        <p class="banner" data-tone="warn">
          {state.offers.length > 0 ? t("You are offline. These runs may have gone; claiming needs a connection.") : t("You are offline. New runs appear when there is signal.")}
        </p>
      )}
      {state.offers.length === 0 && <NoOffers state={state} />}
      <ul class="stack offers">
        {state.offers.map((offer) => (
          <li key={offer.id}>
            <OfferCard offer={offer}>
              <OfferAction offer={offer} onClaim={() => claim(offer.id)} onAsk={() => ask(offer.id)} onWithdraw={() => tell(commands.withdraw(offer.id))} />
            </OfferCard>
          </li>
        ))}
      </ul>
      <StayAwake />
      {/* Whoever has answered the browser finds it in the account; the card with all it needs is loaded there. */}
      {"PushManager" in window && Notification.permission === "default" && (
        <p><a class="button button-quiet button-wide" data-action="pushes" href={hrefOf({ name: "account" })}>{t("Hear of new runs with the phone locked")}</a></p>
      )}
      <ShiftLine state={state} />
      <p><a class="button button-quiet button-wide" data-action="blocks" href={hrefOf({ name: "blocks" })}>{t("Blocks with a guaranteed minimum")}</a></p>
      <InstallHint />
    </Screen>
  );
}

/** Tell of a run that comes while the driver waits and looks elsewhere: new ones can be asked for only some seconds. */
function useNewOffers(offers: readonly Offer[]): void {
  const known = useRef(offers);
  useEffect(() => {
    const before = new Set(known.current.map(({ id }) => id));
    known.current = offers;
    const come = offers.find(({ id }) => !before.has(id));
    if (!come) return;
    say(t("New run: {site}, {pay}", { site: come.site.name, pay: money(come.pay_total) }));
    // Without signal there is no new run: what sounds is loaded when it is first needed.
    void import("../parts/feedback").then(({ feedback }) => {
      feedback.prepare();
      feedback.good();
    }, () => undefined);
  }, [offers]);
}

function NoOffers({ state }: { state: DriverState }) {
  const site = state.sites.find(({ id }) => id === state.me.duty_site_id);
  return (
    <div class="card stack stack-tight" data-empty="offers">
      <p>{site ? t("No run at {site} right now.", { site: site.name }) : t("No run right now.")}</p>
      <p class="muted">
        {t("Runs appear here by themselves as soon as stores have orders for the next delivery window, most of them before noon and in the late afternoon.")}
      </p>
      <p class="muted">{t("Keep this page open. You are on duty; nothing else is to do.")}</p>
    </div>
  );
}
