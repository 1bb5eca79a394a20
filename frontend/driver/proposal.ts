/** Whether a question about the order of stops can still be answered with yes. */
import type { OrderProposal, Stop } from "./api";
import { type Pending, markOf, stepOf } from "./steps";

/**
 * Tell whether another order can still be taken, steps counted that are not sent yet.
 *
 * Not at a door, where hands are full, nor once one of its stops is done: the server would refuse.
 */
export function isAnswerable(proposal: OrderProposal, stops: readonly Stop[], pending: Pending): boolean {
  const steps = new Map(stops.map((stop) => [stop.id, stepOf(stop, markOf(stop.id, pending))]));
  const isAtDoor = [...steps.values()].some((step) => step === "deliver" || step === "give_back");
  const isOpen = (id: string) => ["go", "collect"].includes(steps.get(id) ?? "over");
  return !isAtDoor && proposal.stop_ids.every(isOpen) && isOpen(proposal.about_stop_id);
}
