/** Blocks: hours with a guaranteed minimum. Taking one, and giving it back until its deadline. */
import { useSignal } from "@preact/signals";
import type { Problem } from "../../lib/api";
import { clockTime, clockWindow, dayText, minutes, money } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { Block } from "../api";
import type { Outcome } from "../commands";
import { awayText } from "../fit";
import { NotThere, useAsked } from "../parts/asked";
import { Action } from "../parts/button";
import { CallLink } from "../parts/call-link";
import { useApp } from "../parts/context";
import { ProblemBanner } from "../parts/problem";
import { Screen } from "../parts/screen";
import { say } from "../state";

export function BlocksScreen() {
  const { commands } = useApp();
  const asked = useAsked(() => commands.blocks());
  const problem = useSignal<Problem | null>(null);
  const list = asked.value;

  async function change(outcome: Promise<Outcome>, done: string): Promise<void> {
    const answer = await outcome;
    problem.value = answer.status === "refused" ? answer.problem : null;
    if (answer.status === "done") say(done, "go");
    // Whoever came too late sees at once what is left.
    await asked.ask();
  }

  return (
    <Screen title={t("Blocks")} parent={{ name: "account" }}>
      {problem.value && <ProblemBanner problem={problem.value} tone="warn" isAlert />}
      <p>{t("In a block you are offered the runs of a place first, and earn at least what is guaranteed for the hours that you are on duty there. Tips come on top.")}</p>
      <NotThere asked={asked} />
      {list && (
        <>
          <Section title={t("Your blocks")} empty={t("None yet. Take one below; it then stands here.")} name="mine" blocks={list.mine}>
            {(block) => <Mine block={block} onReturn={() => change(commands.returnBlock(block.id), t("Given back"))} />}
          </Section>
          <Section title={t("Open to you")} empty={t("No block is open near you right now. Dispatchers open them some days ahead; look again tomorrow.")} name="open" blocks={list.open}>
            {(block) => <Open block={block} onTake={() => change(commands.takeBlock(block.id), t("The block is yours"))} />}
          </Section>
        </>
      )}
    </Screen>
  );
}

interface SectionProps {
  title: string;
  empty: string;
  name: string;
  blocks: readonly Block[];
  children: (block: Block) => preact.JSX.Element;
}

function Section({ title, empty, name, blocks, children }: SectionProps) {
  return (
    <section class="stack stack-tight" data-blocks={name} aria-labelledby={`blocks-${name}`}>
      <h2 id={`blocks-${name}`}>{title}</h2>
      {blocks.length === 0 && <p class="card muted">{empty}</p>}
      <ul class="plain stack stack-tight">
        {blocks.map((block) => (
          <li key={block.id} class="card stack stack-tight" data-block={block.id}>
            <div>
              <p>
                <span class="strong">{block.site.name}</span>
                {block.away_m !== null && <span class="muted"> {awayText(block.away_m)}</span>}
              </p>
              <p>
                {dayText(block.starts_at, block.site.timezone)}, {clockWindow(block.starts_at, block.ends_at, block.site.timezone)}{" "}
                <span class="muted">({minutes(block.seconds)})</span>
              </p>
              <p class="number">{t("At least {least}, {hourly} an hour", { least: money(block.least), hourly: money(block.hourly) })}</p>
            </div>
            {children(block)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Mine({ block, onReturn }: { block: Block; onReturn: () => Promise<void> }) {
  if (!block.may_return) {
    return (
      <>
        <p class="muted small">{t("Go on duty there when it begins. It cannot be given back any more; call the dispatcher if you cannot come.")}</p>
        {block.dispatcher_phone && <CallLink number={block.dispatcher_phone} />}
      </>
    );
  }
  const zone = block.site.timezone;
  return (
    <>
      <p class="muted small">{t("Go on duty there when it begins. You can give it back until {day}, {time}.", { day: dayText(block.return_until, zone), time: clockTime(block.return_until, zone) })}</p>
      <Action name="return-block" tone="quiet" isWide busy={t("Sending")} onTap={onReturn}>
        {t("Give it back")}
      </Action>
    </>
  );
}

function Open({ block, onTake }: { block: Block; onTake: () => Promise<void> }) {
  if (block.places_left === 0) return <p class="muted">{t("All places are taken. One that is given back appears here again.")}</p>;
  return (
    <>
      <p class="muted small">{tn("{n} place left", "{n} places left", block.places_left)}</p>
      <Action name="take-block" isWide busy={t("Taking it")} onTap={onTake}>
        {t("Take this block")}
      </Action>
    </>
  );
}
