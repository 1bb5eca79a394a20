/** Saying that parcels are packed, that they are not after all, and that a driver goes without them. */
import type { Problem } from "../lib/api";
import { t } from "../lib/i18n";
import type { KeepBack, MarkNotPacked, MarkPacked } from "./api";
import { type Desk, say } from "./desk";

interface Named {
  id: string;
  recipient_first_name: string;
}

/** Say that the parcels are packed, and offer to take it back; returns why not, or null. */
export async function markPacked(desk: Desk, delivery: Named): Promise<Problem | null> {
  const outcome = await desk.outbox.submit<MarkPacked>(`/deliveries/${delivery.id}/pack`, {});
  if (outcome.status === "refused") return outcome.problem;
  const name = delivery.recipient_first_name;
  const isSent = outcome.status === "done";
  const text = isSent ? t("{name}'s parcels are ready.", { name }) : t("{name}'s parcels are packed. Kept on this tablet until there is a connection.", { name });
  say(desk, text, { label: t("Not packed after all"), act: () => void takeBack(desk, delivery) });
  return null;
}

/** Say that the parcels are not packed after all; returns why not, or null. */
export async function markNotPacked(desk: Desk, delivery: Named): Promise<Problem | null> {
  const outcome = await desk.outbox.submit<MarkNotPacked>(`/deliveries/${delivery.id}/unpack`, {});
  if (outcome.status === "refused") return outcome.problem;
  const name = delivery.recipient_first_name;
  say(desk, outcome.status === "done" ? t("{name}'s parcels are to pack again.", { name }) : t("{name}'s parcels are to pack again. Kept on this tablet until there is a connection.", { name }));
  return null;
}

/** Let the driver who is coming for it go without; returns why not, or null. */
export async function keepBack(desk: Desk, delivery: Named, driver: string): Promise<Problem | null> {
  const outcome = await desk.outbox.submit<KeepBack>(`/deliveries/${delivery.id}/keep-back`, {});
  if (outcome.status === "refused") return outcome.problem;
  const names = { name: delivery.recipient_first_name, driver };
  say(desk, outcome.status === "done" ? t("{driver} goes without {name}'s parcels. Another driver is looked for.", names) : t("{driver} goes without {name}'s parcels. Kept on this tablet until there is a connection.", names));
  return null;
}

/** The tap on what was just said has no place for a refusal of its own. */
async function takeBack(desk: Desk, delivery: Named): Promise<void> {
  const problem = await markNotPacked(desk, delivery);
  if (problem) say(desk, `${problem.detail} ${problem.next_step}`);
}
