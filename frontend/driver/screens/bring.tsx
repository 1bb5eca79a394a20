/** Bringing parcels to a hub or a station: choose its counter, show this phone's code there, see what was taken in. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { dayText, clockTime } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { problemFor } from "../../scan/problems";
import type { Bringing, Receipt, TakingCounter } from "../api-bring";
import { bringHref, keepCounters, keptCounters, placesFor, READ_THROUGH, shownReceipt } from "../bring";
import { awayText } from "../fit";
import { type Asked, NotThere, useAsked } from "../parts/asked";
import { Action } from "../parts/button";
import { useApp } from "../parts/context";
import { useNearest } from "../parts/nearest";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { ShownCodes } from "../parts/shown-codes";
import { live, phone } from "../state";

export function BringScreen({ number: wanted }: { number: number | null }) {
  const { commands } = useApp();
  const asked = useAsked(() => commands.bringing());
  const heardAt = useRef(live.peek().lastAt);
  // A counter that has scanned the phone nudges it, and whatever else the server says may be news of it.
  useSignalEffect(() => {
    const { lastAt } = live.value;
    if (lastAt !== heardAt.current) void asked.ask();
    heardAt.current = lastAt;
  });
  useEffect(() => {
    if (asked.value) keepCounters(asked.value);
  }, [asked.value]);
  const counters = asked.value?.counters ?? keptCounters();
  const chosen = counters.find(({ number }) => number === wanted);
  return chosen ? <AtCounter counter={chosen} visits={asked.value?.visits ?? []} /> : <Choice counters={counters} asked={asked} />;
}

function Choice({ counters, asked }: { counters: readonly TakingCounter[]; asked: Asked<Bringing> }) {
  const here = useNearest();
  const typed = useSignal("");
  const places = placesFor(counters, typed.value, here.place.value);
  return (
    <Screen title={t("Bring parcels to a hub")} parent={{ name: "account" }}>
      <p>{t("Choose where you are. You then show a code there, so that both sides vouch for your parcels.")}</p>
      {counters.length > READ_THROUGH && (
        <div class="field">
          <label for="counter">{t("Name or town")}</label>
          <input id="counter" type="search" autocomplete="off" value={typed.value} onInput={(event) => (typed.value = event.currentTarget.value)} />
        </div>
      )}
      <ul class="list links counters" hidden={places.length === 0}>
        {places.map(({ counter, awayM }) => (
          <li key={counter.number}>
            <a href={bringHref(counter.number)}>
              <span class="grow">
                <span class="strong block">{counter.name}</span>
                <span class="muted small block">{whereWords(counter, awayM)}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {asked.value && counters.length === 0 && <p class="card muted">{t("No hub takes parcels in yet. One appears here as soon as there is one.")}</p>}
      {counters.length > 0 && places.length === 0 && <p class="card muted">{t("No hub has this name. Check the letters, or ask at the counter what it is called.")}</p>}
      {counters.length > 1 && !here.place.value && !here.isRefused.value && (
        <Action name="nearest" tone="quiet" busy={t("Finding where you are")} onTap={here.ask}>
          {t("Show the nearest first")}
        </Action>
      )}
      {here.isRefused.value && <p class="muted" role="status">{t("Your position is not available, so the places stand in their usual order.")}</p>}
      <Receipts asked={asked} />
    </Screen>
  );
}

/** "Cave Creek Mall · Cave Creek · 2.1 mi away". */
function whereWords({ name, site_name, city }: TakingCounter, awayM: number | null): string {
  const parts = [site_name === name ? "" : site_name, city, awayM === null ? "" : awayText(awayM)];
  return parts.filter(Boolean).join(" · ");
}

function Receipts({ asked }: { asked: Asked<Bringing> }) {
  const visits = asked.value?.visits;
  return (
    <section class="stack stack-tight" aria-labelledby="receipts" data-receipts>
      <h2 id="receipts">{t("Taken in from you")}</h2>
      <NotThere asked={asked} words={t("What was taken in from you is kept by the server. It loads by itself when there is signal. The code works without.")} />
      {visits?.length === 0 && <p class="card muted">{t("Nothing so far. After a counter has scanned your code, you read here what it took in.")}</p>}
      <ul class="plain stack stack-tight">
        {visits?.map((visit) => (
          <li key={visit.id} class="card stack stack-tight" data-receipt={visit.id}>
            <p class="strong">{tookWords(visit)}</p>
            <p class="muted small">{dayText(visit.opened_at, visit.counter.timezone)}, {clockTime(visit.opened_at, visit.counter.timezone)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** "Hester's Hub took 6 parcels from you". */
function tookWords({ counter: { name }, parcel_count: n }: Receipt): string {
  if (n === 0) return t("{name} has scanned your phone and taken nothing in", { name });
  return tn("{name} took {n} parcel from you", "{name} took {n} parcels from you", n, { name });
}

function AtCounter({ counter, visits }: { counter: TakingCounter; visits: readonly Receipt[] }) {
  const { presence, clock } = useApp();
  const [{ since, seen }] = useState(() => ({ since: clock.now(), seen: new Set<string>() }));
  const putAside = useSignal<string | null>(null);
  const receipt = shownReceipt(visits, counter.number, { since, seen, putAside: putAside.value });
  const isReplaced = ["other_phone", "replaced"].includes(phone.value.status);
  if (receipt) return <Taken counter={counter} receipt={receipt} onAgain={() => (putAside.value = receipt.id)} />;
  return (
    <Screen title={t("Show this at {name}", { name: counter.name })} parent={{ name: "account" }}>
      {isReplaced ? <ProblemBanner problem={problemFor("phone_replaced")} isAlert /> : (
        <>
          <ShownCodes draw={() => presence.draw({ id: "bring", store: counter }, [])}
            otherwise={t("Go where there is signal for a moment, then open this page again. Or let the counter scan your parcels without it.")} />
          <p>{t("Turn the screen bright. The counter scans this code, then your parcels one by one.")}</p>
          <p class="muted">{t("The code works without signal. It renews itself, so leave it open.")}</p>
        </>
      )}
    </Screen>
  );
}

function Taken({ counter, receipt, onAgain }: { counter: TakingCounter; receipt: Receipt; onAgain: () => void }) {
  const { timezone } = receipt.counter;
  const again = (
    <Action name="show-again" tone="plain" busy={t("Loading")} onTap={async () => onAgain()}>
      {t("Show the code again")}
    </Action>
  );
  return (
    <Screen title={t("{name} has scanned your phone", { name: counter.name })} parent={{ name: "account" }} bar={again}>
      <div class="card stack stack-tight" role="status" data-taken={receipt.is_open ? "open" : "over"}>
        <p class="taken-count">{tn("{n} parcel taken in", "{n} parcels taken in", receipt.parcel_count)}</p>
        <p class="muted">
          {receipt.is_open
            ? t("Since {time}. The number grows with each parcel that is scanned.", { time: clockTime(receipt.opened_at, timezone) })
            : t("From {from} to {until}. This is your receipt; you find it again under “Bring parcels to a hub”.", { from: clockTime(receipt.opened_at, timezone), until: clockTime(receipt.ends_at, timezone) })}
        </p>
      </div>
      {receipt.is_open && <p>{t("Count along. If the number is not right, say so before you go.")}</p>}
    </Screen>
  );
}
