/** Scanning parcels in: each is named at once, then a hub's gets its shelf, and a station's goes into its bay. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../../lib/api";
import { clockTime } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { Presence } from "../../lib/tokens";
import { keepAwake } from "../../lib/wakelock";
import type { DeskParcel, OpenVisit, Shelve, TakeIn } from "../api";
import { type Desk, useDesk, useDeskState } from "../desk";
import { bayOf, findParcel, parcelsNow, shelvesOf, waveOf } from "../inbound";
import { CodeScanner } from "../parts/code-scanner";
import { feedback } from "../parts/feedback";
import { useHeldAwake } from "../parts/idle-guard";
import { BackLink, ProblemBanner, ScreenTitle } from "../parts/pieces";
import { problemFor } from "../problems";
import { isSameVisit, phonesCode, refuseCarrier, visitNow, VISITS } from "../visit";
import { VisitCard } from "./visit-card";

/** The same code in the picture is not taken again before this time. */
const REPEAT_AFTER_MS = 5_000;

export function IntakeScreen() {
  const { store } = useDeskState();
  const isHub = store.site_kind === "hub";
  const intake = useIntake(isHub);
  useEffect(() => keepAwake(), []);
  useHeldAwake(true);
  return (
    <main class="page page-narrow stack" id="app-main">
      <BackLink />
      <ScreenTitle>{isHub ? t("Scan parcels in") : t("Sort parcels")}</ScreenTitle>
      <div aria-live="assertive">{intake.problem && <ProblemBanner problem={intake.problem} />}</div>
      <VisitCard onProblem={intake.fail} />
      <div role="status">{intake.last && <Said parcel={intake.last} isHub={isHub} />}</div>
      {isHub && intake.last && intake.last.place === null && <Shelf key={`${intake.last.delivery_id} ${intake.last.number}`} parcel={intake.last} onProblem={intake.fail} />}
      <CodeScanner onText={intake.read} />
      <TypedCode isHub={isHub} onText={intake.read} />
    </main>
  );
}

/** Takes in what is scanned or typed; `last` is the parcel of the last good code, as it is by now. */
function useIntake(isHub: boolean) {
  const desk = useDesk();
  const state = useDeskState();
  const parcels = parcelsNow(state, desk.kept.value);
  const [key, setKey] = useState<Pick<DeskParcel, "delivery_id" | "number"> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const before = useRef({ text: "", at: 0 });
  const isBusy = useRef(false);
  const now = useRef({ state, parcels });
  now.current = { state, parcels };

  function fail(found: Problem): void {
    setProblem(found);
    feedback.bad();
  }

  /** A phone that stays in the picture is one visit. Whose it is, only the server can say. */
  async function meet(text: string, code: Presence): Promise<void> {
    const at = desk.clock.now();
    if (isSameVisit(visitNow(now.current.state, desk.kept.value.pending, at), code, at)) return;
    const { store } = now.current.state;
    const refusal = refuseCarrier(code, store.number, at / 1_000);
    if (refusal) return fail(problemFor(refusal, { store_name: store.name }));
    const outcome = await desk.outbox.submit<OpenVisit>(VISITS, { text });
    if (outcome.status === "refused") return fail(outcome.problem);
    setProblem(null);
    setKey(null);
    feedback.good();
  }

  async function take(text: string): Promise<void> {
    const phone = phonesCode(text);
    if (phone) return meet(text, phone);
    const found = findParcel(text, now.current.parcels);
    if ("code" in found) return fail(problemFor(found.code));
    const { parcel } = found;
    if (!isHub && bayOf(now.current.state, parcel) === null) return fail(problemFor("no_bay_yet"));
    const path = `/parcels/${parcel.delivery_id}/${parcel.number}/${isHub ? "take-in" : "sort"}`;
    const visit = visitNow(now.current.state, desk.kept.value.pending, desk.clock.now());
    const outcome = await desk.outbox.submit<TakeIn>(path, { text, visit_id: visit?.isOpen ? visit.id : null });
    if (outcome.status === "refused") return fail(outcome.problem);
    setProblem(null);
    setKey(parcel);
    feedback.good();
  }

  async function read(text: string): Promise<void> {
    const isRepeated = text === before.current.text && desk.clock.device() - before.current.at < REPEAT_AFTER_MS;
    if (isBusy.current || isRepeated) return;
    before.current = { text, at: desk.clock.device() };
    isBusy.current = true;
    await take(text);
    isBusy.current = false;
  }

  const last = parcels.find(({ delivery_id, number }) => delivery_id === key?.delivery_id && number === key.number) ?? null;
  return { read: (text: string) => void read(text), problem, fail, last };
}

function Said({ parcel, isHub }: { parcel: DeskParcel; isHub: boolean }) {
  const state = useDeskState();
  const wave = waveOf(state, parcel);
  return (
    <div class="card stack stack-tight" data-intake>
      {!isHub && <p class="intake-place">{t("Bay {bay}", { bay: parcel.place ?? "" })}</p>}
      <p class="spread">
        <strong>{parcel.recipient_first_name}</strong>
        <span class="parcel-count">{t("Parcel {n} of {count}", { n: parcel.number, count: parcel.of })}</span>
      </p>
      <p class="muted">{parcel.area}</p>
      {!isHub && wave && <p>{t("Leaves at {time}", { time: clockTime(wave, state.store.timezone) })}</p>}
      {isHub && parcel.place !== null && <p class="strong">{t("On shelf {shelf}. Scan the next parcel.", { shelf: parcel.place })}</p>}
      {parcel.is_kept && <p class="muted">{t("Kept on this device until there is a connection.")}</p>}
    </div>
  );
}

/** The shelf used last, so that a row of parcels takes one tap each. */
let lastShelf: string | null = null;

function Shelf({ parcel, onProblem }: { parcel: DeskParcel; onProblem: (problem: Problem) => void }) {
  const desk = useDesk();
  const known = shelvesOf(parcelsNow(useDeskState(), desk.kept.value), lastShelf).slice(0, 6);
  const [typed, setTyped] = useState("");

  async function put(place: string): Promise<void> {
    if (place.trim() === "") return;
    lastShelf = place.trim();
    const problem = await shelve(desk, parcel, lastShelf);
    if (problem) onProblem(problem);
    else feedback.good();
  }

  return (
    <form class="card stack stack-tight" onSubmit={(event) => {
      event.preventDefault();
      void put(typed);
    }}>
      <h2>{t("Which shelf?")}</h2>
      {known.length > 0 && (
        <div class="row">
          {known.map((place) => (
            <button key={place} type="button" class="button button-primary" onClick={() => void put(place)}>
              {t("Shelf {shelf}", { shelf: place })}
            </button>
          ))}
        </div>
      )}
      <div class="field">
        <label for="shelf">{t("Another shelf or bin")}</label>
        <div class="row">
          <input id="shelf" name="shelf" class="grow" type="text" maxLength={20} autocomplete="off" value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)} />
          <button class="button">{t("Put it there")}</button>
        </div>
      </div>
    </form>
  );
}

async function shelve(desk: Desk, parcel: DeskParcel, place: string): Promise<Problem | null> {
  const outcome = await desk.outbox.submit<Shelve>(`/parcels/${parcel.delivery_id}/${parcel.number}/shelve`, { place });
  return outcome.status === "refused" ? outcome.problem : null;
}

/** For a label that the camera cannot read, and for a carrier's own code. */
function TypedCode({ isHub, onText }: { isHub: boolean; onText: (text: string) => void }) {
  const [typed, setTyped] = useState("");
  return (
    <form class="field" onSubmit={(event) => {
      event.preventDefault();
      if (typed.trim() === "") return;
      onText(typed.trim());
      setTyped("");
    }}>
      <label for="carrier-code">{isHub ? t("Or type the carrier's code") : t("Or type the code of the parcel")}</label>
      <div class="row">
        <input id="carrier-code" name="carrier-code" class="grow" type="text" maxLength={600} autocomplete="off" autocapitalize="characters"
          value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        <button class="button">{isHub ? t("Take it in") : t("Sort it")}</button>
      </div>
    </form>
  );
}
