/** What a screen asks the server for when it is opened, and again by itself once the server is heard again. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../../lib/api";
import type { Fetched } from "../../lib/http";
import { t } from "../../lib/i18n";
import { live } from "../state";
import { Action } from "./button";
import { ProblemBanner } from "./problem";
import { Skeleton } from "./skeleton";

/** How to ask. */
export type Ask<Value> = () => Promise<Fetched<Value>>;

export interface Asked<Value> {
  value: Value | null;
  /** Why the server refused. */
  problem: Problem | null;
  /** Whether the last answer did not come. */
  isMissed: boolean;
  /** Ask in another way, or as before. */
  ask(how?: Ask<Value>): Promise<void>;
}

/** Ask once when the screen is opened; `known` is shown until the answer comes. */
export function useAsked<Value>(first: Ask<Value>, known: Value | null = null): Asked<Value> {
  const value = useSignal(known);
  const problem = useSignal<Problem | null>(null);
  /** When the server was last heard before the answer that did not come; undefined when none is missing. */
  const missedSince = useSignal<number | null | undefined>(undefined);
  const last = useRef(first);

  async function ask(how: Ask<Value> = last.current): Promise<void> {
    last.current = how;
    const heardAt = live.peek().lastAt;
    const answer = await how();
    if (answer.status === "fresh") value.value = answer.value;
    problem.value = answer.status === "refused" ? answer.problem : null;
    missedSince.value = answer.status === "unreachable" ? heardAt : undefined;
  }
  useEffect(() => void ask(), []);
  useSignalEffect(() => {
    if (missedSince.value !== undefined && live.value.lastAt !== missedSince.value) void ask();
  });
  return { value: value.value, problem: problem.value, isMissed: missedSince.value !== undefined, ask };
}

/** What stands in for an answer that is not there; `words` say what comes by itself later. */
export function NotThere({ asked, words }: { asked: Asked<unknown>; words?: string }) {
  const again = (
    <Action name="retry" tone="plain" busy={t("Loading")} onTap={() => asked.ask()}>
      {t("Try again")}
    </Action>
  );
  if (asked.problem) return <ProblemBanner problem={asked.problem} tone="warn" isAlert>{again}</ProblemBanner>;
  if (asked.isMissed) {
    return (
      <div class="banner" data-tone="warn" role="alert">
        <p class="strong">{t("No connection")}</p>
        <p>{words ?? t("Earnings are kept by the server. They load by themselves when there is signal.")}</p>
        {again}
      </div>
    );
  }
  return asked.value === null ? <Skeleton /> : null;
}
