/** Scanning the customer's code at the door. */
import { t } from "../../lib/i18n";
import type { DriverState, DropoffStop, Run } from "../api";
import { judgeCustomerCode } from "../judging";
import { back, goHome } from "../navigation";
import { useApp } from "../parts/context";
import { useOutcome } from "../parts/outcome";
import { ScanView, type Verdict } from "../parts/scan-view";
import { type Route, hrefOf } from "../route";
import { waysOf } from "../steps";

interface ScanCustomerProps {
  stop: DropoffStop;
  run: Run;
  serverKeys: DriverState["server_keys"];
}

export function ScanCustomer({ stop, run, serverKeys }: ScanCustomerProps) {
  const { commands, clock } = useApp();
  const { take } = useOutcome();
  const { delivery } = stop;
  const name = delivery.recipient_first_name;
  const parent: Route = { name: "stop", stopId: stop.id, page: "here" };
  const [other] = waysOf(delivery);

  async function read(text: string): Promise<Verdict> {
    const judged = await judgeCustomerCode(text, delivery, serverKeys, clock.now() / 1_000);
    if ("problem" in judged) return judged.problem;
    const outcome = await commands.deliver(stop, run, { kind: "customer_code", text });
    if (outcome.status === "refused") return outcome.problem;
    take(outcome, t("Delivered to {name}", { name }));
    goHome();
    return "done";
  }

  return (
    <ScanView
      title={t("Scan {name}’s code", { name })}
      hint={t("The customer finds it on the tracking page.")}
      onText={read}
      onClose={() => back(parent)}
    >
      <a class="button button-wide" data-action={other === "pin" ? "pin" : "photo"} href={hrefOf({ ...parent, page: other === "pin" ? "pin" : "photo" })}>
        {other === "pin" ? t("Enter the PIN") : t("Take a photo")}
      </a>
    </ScanView>
  );
}
