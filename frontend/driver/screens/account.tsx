/** The driver: who, which vehicle, which language; off duty and sign out. */
import { useSignal } from "@preact/signals";
import { t, tn } from "../../lib/i18n";
import type { DriverState } from "../api";
import { bringHref, bringOf } from "../bring";
import { goHome } from "../navigation";
import { loadAtStop } from "../parts/at-stop";
import { Action } from "../parts/button";
import { Call } from "../parts/call";
import { useApp } from "../parts/context";
import { InstallHint } from "../parts/install-hint";
import { LanguageChoice } from "../parts/language";
import { lazily } from "../parts/lazily";
import { useOutcome } from "../parts/outcome";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { hrefOf } from "../route";
import { outbox, route } from "../state";

const Pushes = lazily(() => import("../parts/push-card"), "part");
const AtStop = lazily(loadAtStop);

/** The account, and what has an address below it. */
export function AccountScreen({ state }: { state: DriverState }) {
  // Each step to another address makes a new route.
  const bring = route.value && bringOf(location.hash);
  return bring ? <AtStop>{({ BringScreen }) => <BringScreen {...bring} />}</AtStop> : <Account state={state} />;
}

function Account({ state }: { state: DriverState }) {
  const { commands } = useApp();
  const { problem, take } = useOutcome();
  const { me } = state;
  const offDuty = async (): Promise<void> => {
    if (take(await commands.setDuty(false, null), t("You are off duty"))) goHome();
  };
  return (
    <Screen title={me.name} parent={{ name: "home" }}>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      <div class="card row">
        <Portrait address={me.photo_url} />
        <dl class="facts grow">
          <dt>{t("Vehicle")}</dt>
          <dd>{me.vehicle}</dd>
          <dt>{t("Duty")}</dt>
          <dd>{me.on_duty ? t("On duty") : t("Off duty")}</dd>
        </dl>
      </div>
      <ul class="list links">
        <li>
          <a data-action="earnings" href={hrefOf({ name: "earnings" })}>{t("Earnings")}</a>
        </li>
        <li>
          <a data-action="blocks" href={hrefOf({ name: "blocks" })}>{t("Blocks")}</a>
        </li>
        <li>
          <a data-action="bring" href={bringHref()}>{t("Bring parcels to a hub")}</a>
        </li>
        <li>
          <a data-action="unsent" href={hrefOf({ name: "unsent" })}>{t("Steps on this phone")}</a>
        </li>
      </ul>
      <Call />
      <Pushes>{({ PushCard }) => <PushCard me={me} />}</Pushes>
      <LanguageChoice />
      {me.on_duty && (
        <Action name="off-duty" tone="plain" isWide busy={t("Going off duty")} onTap={offDuty}>
          {t("Go off duty")}
        </Action>
      )}
      <SignOut />
      <InstallHint />
    </Screen>
  );
}

/** Without signal the picture may be missing; then its place stays free. */
function Portrait({ address }: { address: string | null }) {
  const isMissing = useSignal(false);
  if (!address || isMissing.value) return null;
  return <img class="portrait" src={address} alt="" width={64} height={64} onError={() => (isMissing.value = true)} />;
}

function SignOut() {
  const { commands, leave } = useApp();
  const unsent = outbox.value.unsent;
  if (unsent === 0) {
    return (
      <Action name="sign-out" tone="quiet" isWide busy={t("Signing out")} onTap={leave}>
        {t("Sign out")}
      </Action>
    );
  }
  return (
    <div class="banner" data-tone="warn" data-banner="unsent">
      <p>{tn("{n} step is only on this phone", "{n} steps are only on this phone", unsent)}</p>
      <p>{t("You can sign out when the server has everything. Go where there is signal, then try to send.")}</p>
      <Action name="send-now" tone="plain" busy={t("Sending")} onTap={commands.sendUnsent}>
        {t("Try to send now")}
      </Action>
    </div>
  );
}
