/** What is kept on this tablet: steps still to be sent, and steps that the server has refused. */
import { clockTime } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { OutboxView } from "../../lib/outbox";
import { draftFrom } from "../draft-answers";
import { keptDraft } from "../draft-keeping";
import { useDesk, useDeskState } from "../desk";
import { deliveryById } from "../lists";
import { ProblemBanner, Sheet } from "../parts/pieces";
import { go } from "../route";
import { commandWords } from "../words";

type Kept = OutboxView["pending"][number];

export function UnsentSheet() {
  const desk = useDesk();
  const { pending, refused, lastProblem, isSending, isPaused } = desk.kept.value;
  return (
    <Sheet title={t("Kept on this tablet")}>
      {pending.length === 0 && refused.length === 0 && <p>{t("Everything is sent.")}</p>}
      {refused.map((each) => <RefusedStep key={each.commandId} refused={each} />)}
      {pending.length > 0 && (
        <>
          <p>{t("These steps are sent in this order as soon as the server answers. You can go on working.")}</p>
          <ul class="list">{pending.map((each) => <li key={each.commandId}><StepLine kept={each} /></li>)}</ul>
          {lastProblem && <p class="muted">{lastProblem.detail}</p>}
          <button type="button" class="button button-primary button-wide" aria-disabled={isSending}
            onClick={() => void (isPaused ? desk.outbox.resume() : desk.outbox.flush())}>
            {isSending ? t("Sending…") : t("Send now")}
          </button>
        </>
      )}
    </Sheet>
  );
}

function StepLine({ kept }: { kept: Kept }) {
  const state = useDeskState();
  return (
    <div class="spread">
      <span><strong>{commandWords(kept.path)}</strong> {nameOf(kept, state)}</span>
      <span class="muted number">{clockTime(kept.occurredAt, state.store.timezone)}</span>
    </div>
  );
}

/** Whom a kept step is about, as far as this tablet knows. */
function nameOf({ path, body }: Kept, state: ReturnType<typeof useDeskState>): string {
  if (typeof body.recipient_name === "string") return body.recipient_name;
  const id = /^\/(?:deliveries|parcels)\/([^/]+)\//.exec(path)?.[1] ?? (body.delivery_ids as string[] | undefined)?.[0];
  return (id && deliveryById(state, id)?.recipient_first_name) ?? "";
}

function RefusedStep({ refused }: { refused: OutboxView["refused"][number] }) {
  const desk = useDesk();
  const { store, clerk } = useDeskState();

  async function correct(): Promise<void> {
    keptDraft(desk, clerk!.id).change(draftFrom(refused.body, desk.clock.now(), store));
    await desk.outbox.acknowledge(refused.commandId);
    go({ screen: "new" });
  }

  return (
    <div class="card stack stack-tight">
      <StepLine kept={refused} />
      <ProblemBanner problem={refused.problem} />
      <div class="row">
        {refused.path === "/deliveries" && (
          <button type="button" class="button button-primary" onClick={() => void correct()}>{t("Correct it in the form")}</button>
        )}
        <button type="button" class="button" onClick={() => void desk.outbox.acknowledge(refused.commandId)}>
          {t("I have read it: remove this step")}
        </button>
      </div>
    </div>
  );
}
