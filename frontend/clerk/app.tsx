/** Which screen is on: enrolment, lock, or what the address says; and what lies over all of them. */
import { useEffect } from "preact/hooks";
import { t } from "../lib/i18n";
import { Arrivals } from "./parts/arrivals";
import { BoardScreen } from "./screens/board-screen";
import { useDesk } from "./desk";
import { EnrolScreen } from "./screens/enrol-screen";
import { HandoverScreen } from "./screens/handover-screen";
import { IdleGuard } from "./parts/idle-guard";
import { LockedScreen } from "./screens/locked-screen";
import { PlacedScreen } from "./screens/placed-screen";
import { managerCode } from "./screens/manager-code";
import { later } from "./parts/later";
import { StatusLine } from "./parts/status-line";
import { ReturnsScreen } from "./screens/returns-screen";
import { addressOf, openedWithCode, type Route, route } from "./route";

/** With it come the camera, the decoder's first step and the judging of codes: few handovers need them. */
const meeting = later(async () => (await import("./screens/meet-screen")).MeetScreen);
/** With it come the camera and the reading of labels: hubs and stations only. */
const intake = later(async () => (await import("./screens/intake-screen")).IntakeScreen);
/** With it come the form's fields and the street's suggestions. */
const newDelivery = later(async () => (await import("./screens/new-delivery-screen")).NewDeliveryScreen);
/** With the same fields, and as seldom. */
const newAddress = later(async () => (await import("./screens/address-screen")).AddressScreen);
/** The start is over by then, also over a basement's connection. */
const PREPARED_AFTER_MS = 3_000;

export function App() {
  const desk = useDesk();
  useEffect(() => desk.clock.after(PREPARED_AFTER_MS, () => {
    meeting.prepare();
    newDelivery.prepare();
    newAddress.prepare();
    intake.prepare();
    managerCode.prepare();
    void import("../lib/qr").catch(() => undefined);
  }), []);
  return (
    <>
      <CurrentScreen />
      <Toasts />
    </>
  );
}

function CurrentScreen() {
  const desk = useDesk();
  const { state, problem, freshness } = desk.view.value;
  if (openedWithCode.value !== null || problem?.status === 401) return <EnrolScreen key={openedWithCode.value} />;
  if (state === null) return freshness === "offline" ? <NoConnection /> : <Skeleton />;
  if (state.clerk === null || desk.session.isLockedHere.value) return <LockedScreen />;
  return (
    <IdleGuard key={state.clerk.id} idleMs={state.clerk.idle_s * 1_000}>
      <Arrivals />
      <OpenScreen />
    </IdleGuard>
  );
}

function OpenScreen() {
  const open = route.value;
  // While its code is on, a handover has the whole screen: it says what is unsent before and after.
  if (open.screen === "handover") return <HandoverScreen key={open.id} runId={open.id} />;
  return <><StatusLine /><BesideStatus open={open} /></>;
}

function BesideStatus({ open }: { open: Route }) {
  if (open.screen === "new") return <newDelivery.Screen />;
  if (open.screen === "intake") return <intake.Screen />;
  if (open.screen === "address") return <newAddress.Screen key={open.id} id={open.id} />;
  if (open.screen === "placed") return <PlacedScreen id={open.id} />;
  if (open.screen === "meet") return <meeting.Screen key={open.id} runId={open.id} />;
  if (open.screen === "returns") return <ReturnsScreen key={open.id} runId={open.id} />;
  return <BoardScreen open={open} />;
}

function NoConnection() {
  const desk = useDesk();
  return (
    <>
      <StatusLine />
      <main class="page page-narrow stack">
        <h1>{t("No connection")}</h1>
        <p>{t("The server cannot be reached, and this tablet has not shown this store before. It asks again by itself.")}</p>
        <button type="button" class="button button-primary" onClick={() => void desk.live.refresh()}>{t("Ask again now")}</button>
      </main>
    </>
  );
}

function Skeleton() {
  return (
    <main class="page stack" aria-busy="true">
      <p class="visually-hidden">{t("Loading the counter")}</p>
      <div class="skeleton skeleton-title" />
      <div class="skeleton skeleton-card" />
      <div class="skeleton skeleton-card" />
    </main>
  );
}

const SAID_FOR_MS = 6_000;
/** Long enough to see that it was the wrong row, and to reach for it. */
const UNDO_FOR_MS = 12_000;

function Toasts() {
  const desk = useDesk();
  const said = desk.said.value;
  // Nobody takes back at a locked tablet what somebody else has said.
  const isOpen = desk.view.value.state?.clerk && !desk.session.isLockedHere.value;
  const undo = isOpen && said?.address === addressOf(route.value) ? said.undo : null;
  useEffect(() => {
    if (!said) return undefined;
    return desk.clock.after(said.undo ? UNDO_FOR_MS : SAID_FOR_MS, () => {
      desk.said.value = null;
    });
  }, [said]);
  return (
    <div class="toasts" role="status">
      {said && (
        <p class="toast" key={said.at}>
          {said.text}
          {undo && <button type="button" class="toast-undo" onClick={() => {
            desk.said.value = null;
            undo.act();
          }}>{undo.label}</button>}
        </p>
      )}
    </div>
  );
}
