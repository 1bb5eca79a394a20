/** A new order of stops, with the reason and what it saves: nothing changes without a yes. */
import { t } from "../../lib/i18n";
import type { OrderProposal, Run, Stop } from "../api";
import { shortPlace, reasonText, savedText } from "../order-words";
import { isAnswerable } from "../proposal";
import { outbox } from "../state";
import { Action } from "./button";
import { useApp } from "./context";
import { useOutcome } from "./outcome";
import { ProblemBanner } from "./problem";

export function NewOrder({ run, proposal }: { run: Run; proposal: OrderProposal }) {
  const { commands, live } = useApp();
  const { problem, take } = useOutcome();
  const byId = new Map(run.stops.map((stop) => [stop.id, stop]));
  const stops = proposal.stop_ids.map((id) => byId.get(id)).filter((stop): stop is Stop => stop !== undefined);
  const about = byId.get(proposal.about_stop_id);
  if (!about || !isAnswerable(proposal, run.stops, outbox.value.pending)) return null;

  async function answer(word: "take" | "keep", done: string): Promise<void> {
    if (!take(await commands.answerProposal(proposal.id, word), done)) await live.refresh();
  }

  return (
    <section class="banner" data-banner="new-order" aria-labelledby="new-order">
      <h2 id="new-order">{t("Take the stops in another order?")}</h2>
      <p>
        {reasonText(proposal, about)} {savedText(proposal)}
      </p>
      <ol class="plain">
        {stops.map((stop) => (
          <li key={stop.id}>
            {stop.kind === "dropoff" ? t("Bring to {place}", { place: shortPlace(stop) }) : t("Collect at {place}", { place: shortPlace(stop) })}
          </li>
        ))}
      </ol>
      {problem.value && <ProblemBanner problem={problem.value} isAlert />}
      <Action name="take-order" tone="plain" busy={t("Sending")} onTap={() => answer("take", t("Your stops are in the new order"))}>
        {t("Yes, change the order")}
      </Action>
      <Action name="keep-order" tone="quiet" busy={t("Sending")} onTap={() => answer("keep", t("The order stays as it is"))}>
        {t("No, keep mine")}
      </Action>
    </section>
  );
}
