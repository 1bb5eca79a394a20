/** Dear goods: a manager of the store enters the six digits, before anything is handed over. */
import { useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { parcels } from "../../lib/format";
import { t } from "../../lib/i18n";
import { useDesk } from "../desk";
import { ScreenTitle } from "../parts/pieces";
import { SixDigits } from "../parts/six-digits";
import { checkManagerCode } from "../session";

interface Props {
  /** Of the driver who takes them. */
  name: string;
  parcelCount: number;
  onBack: () => void;
  /** The code for the clerk's statement; null when the server says that none is needed any more. */
  onEntered: (code: string | null) => void;
}

export function ManagerCodeScreen({ name, parcelCount, onBack, onEntered }: Props) {
  const desk = useDesk();
  /** Entered, and nobody could check it. */
  const [unchecked, setUnchecked] = useState<string | null>(null);

  async function enter(code: string): Promise<Problem | null> {
    const answer = await checkManagerCode(desk, code);
    if (answer.status === "done") onEntered(code);
    else if (answer.problem.code === "manager_code_unset") onEntered(null);
    else if (answer.status === "unreachable" || answer.problem.status >= 500) setUnchecked(code);
    else return answer.problem;
    return null;
  }

  const facts = { name, parcels: parcels(parcelCount) };
  return (
    <main class="page locked" id="app-main" data-manager-code={unchecked === null ? "asked" : "unchecked"}>
      <div class="stack locked-about">
        <p><button type="button" class="button button-quiet back" onClick={onBack}><span aria-hidden="true">←</span> {t("Back")}</button></p>
        <ScreenTitle>{t("A manager's code is needed")}</ScreenTitle>
        <p class="lead">{t("{parcels} for {name}: some of it is worth more than this store lets go without a manager.", facts)}</p>
        <p>{t("Ask a manager to come and enter the six digits. Hand nothing over before.")}</p>
      </div>
      <div class="card stack locked-entry">
        {unchecked === null ? (
          <>
            <h2>{t("Manager: enter the store's code")}</h2>
            <SixDigits onCode={enter} note={t("After five wrong codes none is believed until a manager sets a new one.")} />
          </>
        ) : (
          <div class="stack" role="status">
            <h2>{t("The code is noted, not checked")}</h2>
            <p>{t("Without signal this tablet cannot check it. It goes with your statement, and the server checks it then. If it is wrong, the handover is marked and a dispatcher is told.")}</p>
            <button type="button" class="button button-primary button-wide" onClick={() => onEntered(unchecked)}>{t("Go on: {parcels} for {name}", facts)}</button>
            <button type="button" class="button button-wide" onClick={() => setUnchecked(null)}>{t("Enter it again")}</button>
          </div>
        )}
      </div>
    </main>
  );
}
