/** The main action at a counter or a door, by what the order wants. */
import { t, tn } from "../../lib/i18n";
import type { DropoffStop, ReturnStop, Run, Stop } from "../api";
import { go, goHome } from "../navigation";
import { type Way, countParcels, waysOf } from "../steps";
import { Action } from "./button";
import { useApp } from "./context";
import { feedback } from "./feedback";
import { HeldBar, isHeld } from "./hold";
import type { OutcomeTaker } from "./outcome";

interface HandOverBarProps {
  stop: Stop;
  run: Run;
  take: OutcomeTaker["take"];
}

export function HandOverBar({ stop, run, take }: HandOverBarProps) {
  if (isHeld(stop)) return <HeldBar />;
  if (stop.kind === "dropoff") return <DeliverBar stop={stop} run={run} take={take} />;
  if (stop.kind === "return") return <ReturnBar stop={stop} run={run} take={take} />;
  const open = (): void => {
    feedback.prepare();
    go({ name: "stop", stopId: stop.id, page: "scan" });
  };
  return (
    <button type="button" class="button button-primary" data-action="scan" onClick={open}>
      {t("Scan the code on the tablet")}
    </button>
  );
}

function ReturnBar({ stop, run, take }: { stop: ReturnStop; run: Run; take: OutcomeTaker["take"] }) {
  const { commands } = useApp();
  const give = async (): Promise<void> => {
    const outcome = await commands.giveBack(stop, run, null);
    if (take(outcome, t("Given back at {store}", { store: stop.store.name }))) goHome();
  };
  return (
    <Action name="give-back" busy={t("Saving")} onTap={give}>
      {tn("The store has {n} parcel", "The store has {n} parcels", countParcels(stop.deliveries))}
    </Action>
  );
}

function DeliverBar({ stop, run, take }: { stop: DropoffStop; run: Run; take: OutcomeTaker["take"] }) {
  const { commands } = useApp();
  const [way] = waysOf(stop.delivery);
  if (way !== "confirm") return <WayButton stop={stop} way={way!} isMain />;
  const name = stop.delivery.recipient_first_name;
  const confirm = async (): Promise<void> => {
    const outcome = await commands.deliver(stop, run, { kind: "none" });
    if (take(outcome, t("Delivered to {name}", { name }))) goHome();
  };
  return (
    <Action name="confirm" busy={t("Saving")} onTap={confirm}>
      {stop.delivery.leave_at_door ? t("Parcels are at the door: delivered") : t("{name} has the parcels: delivered", { name })}
    </Action>
  );
}

/** Opens one way of proving a delivery. */
export function WayButton({ stop, way, isMain = false }: { stop: DropoffStop; way: Way; isMain?: boolean }) {
  const words: Record<Way, string> = {
    pin: t("Enter the PIN"),
    code: t("Scan the customer’s code"),
    photo: t("Take a photo"),
    confirm: t("Delivered"),
  };
  const page = way === "pin" || way === "photo" ? way : "scan";
  const open = (): void => {
    feedback.prepare();
    go({ name: "stop", stopId: stop.id, page });
  };
  return (
    <button type="button" class={isMain ? "button button-primary" : "button button-wide"} data-action={page} onClick={open}>
      {words[way]}
    </button>
  );
}
