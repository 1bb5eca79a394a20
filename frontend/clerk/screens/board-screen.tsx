/** The counter at a glance: what to pack and what is ready on one side, who is coming and what has gone on the other. */
import { useState } from "preact/hooks";
import { t } from "../../lib/i18n";
import { ArrivingList } from "./arriving-list";
import { DeliverySheet } from "./delivery-sheet";
import { useDesk, useDeskState } from "../desk";
import { FindField, FoundBoard } from "./found-list";
import { GoneList } from "./gone-list";
import { ExpectedList, ShelfList, WaveList } from "./inbound-lists";
import { IncidentList } from "./incident-list";
import { isInbound } from "../inbound";
import { keptSteps } from "../lists";
import { PackList, ReadyList } from "./pack-list";
import { addressOf, type Route } from "../route";
import { DispatcherNumber, ScreenTitle } from "../parts/pieces";
import { UnsentSheet } from "./unsent-sheet";

export function BoardScreen({ open }: { open: Route }) {
  const desk = useDesk();
  const steps = keptSteps(desk.kept.value);
  const [typed, setTyped] = useState("");
  return (
    <>
      <BoardHeader typed={typed} onType={setTyped} />
      {desk.view.value.lastAt === null ? <UnknownBoard /> : (
        <main class="page board" id="app-main">
          {typed.trim() ? <FoundBoard typed={typed} steps={steps} /> : <WholeBoard steps={steps} />}
        </main>
      )}
      {open.screen === "delivery" && <DeliverySheet key={open.id} id={open.id} />}
      {open.screen === "unsent" && <UnsentSheet />}
    </>
  );
}

function WholeBoard({ steps }: { steps: ReturnType<typeof keptSteps> }) {
  return (
    <>
      <div class="board-column">
        <Waiting steps={steps} />
      </div>
      <div class="board-column">
        <IncidentList />
        <ArrivingList steps={steps} />
        <GoneList />
        <DispatcherNumber />
      </div>
    </>
  );
}

/** What waits here: at a hub what carriers bring, at a station the waves, at a counter what is to pack. */
function Waiting({ steps }: { steps: ReturnType<typeof keptSteps> }) {
  const { store } = useDeskState();
  if (store.site_kind === "hub") return <><ExpectedList /><ShelfList /></>;
  if (store.site_kind === "station") return <WaveList />;
  return <><PackList steps={steps} /><ReadyList steps={steps} /></>;
}

/** Signed in without signal, and nothing from before is kept: empty lists would say that there is nothing to do. */
function UnknownBoard() {
  return (
    <main class="page page-narrow" id="app-main">
      <p class="empty">{t("This tablet does not know today's lists. They appear here as soon as the server answers.")}</p>
    </main>
  );
}

function BoardHeader({ typed, onType }: { typed: string; onType: (typed: string) => void }) {
  const desk = useDesk();
  const state = useDeskState();
  const { store, clerk } = state;
  return (
    <header class="page board-header">
      <div class="grow">
        <ScreenTitle>{store.name}</ScreenTitle>
        <p class="muted small">{[store.unit, store.floor, store.site_name].filter(Boolean).join(" · ")}</p>
      </div>
      <FindField typed={typed} onType={onType} />
      {isInbound(state) && (
        <a class="button button-primary" href={addressOf({ screen: "intake" })}>{store.site_kind === "hub" ? t("Scan parcels in") : t("Sort parcels")}</a>
      )}
      <a class={isInbound(state) ? "button" : "button button-primary"} href={addressOf({ screen: "new" })}>{t("New delivery")}</a>
      <button type="button" class="button" onClick={() => void desk.session.lock()}>
        {t("Lock")} <span class="muted">{clerk!.first_name}</span>
      </button>
    </header>
  );
}
