/** Screens that are fetched apart from the start: the service worker keeps them, so they open without signal too. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../lib/i18n";
import { problemFor } from "../problems";
import { ProblemBanner } from "./pieces";

export interface LaterScreen<Props> {
  Screen: ComponentType<Props>;
  /** Fetch it before anybody asks for it; a failure shows when somebody does. */
  prepare(): void;
}

/** A screen that is fetched when it is first shown, or prepared. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): LaterScreen<Props> {
  let loaded: ComponentType<Props> | null = null;
  const fetch = async (): Promise<ComponentType<Props>> => (loaded ??= await load());

  function Screen(props: Props) {
    const [isFailed, setFailed] = useState(false);
    const [Loaded, setLoaded] = useState<{ component: ComponentType<Props> } | null>(loaded && { component: loaded });
    useEffect(() => {
      if (!Loaded) void fetch().then((component) => setLoaded({ component }), () => setFailed(true));
    }, []);
    if (Loaded) return <Loaded.component {...props} />;
    return (
      <main class="page page-narrow stack" id="app-main" aria-busy={!isFailed}>
        {isFailed ? <ProblemBanner problem={problemFor("needs_connection")} /> : <p class="visually-hidden">{t("Loading the counter")}</p>}
      </main>
    );
  }

  return { Screen, prepare: () => void fetch().catch(() => undefined) };
}
