/**
 * Screens, and parts of them, that are loaded when they are first opened, so that the app starts with less.
 *
 * The service worker keeps them with the rest of the app: without signal they open as fast as any other.
 */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/i18n";
import { Action } from "./button";
import { Screen } from "./screen";
import { Skeleton } from "./skeleton";

interface LazilyProps<Module> {
  children: (module: Module) => ComponentChildren;
}

/** From the phone's own store it takes less than this; whoever waits longer is told. */
const TELL_AFTER_MS = 300;

/** Make a component that draws with a module as soon as `load` has brought it, and at once from then on. */
export function lazily<Module>(load: () => Promise<Module>, as: "screen" | "part" = "screen") {
  let loaded: Module | null = null;

  return function Lazily({ children }: LazilyProps<Module>) {
    const module = useSignal<Module | null>(loaded);
    const waits = useSignal<"briefly" | "long" | "in vain">("briefly");
    useEffect(() => {
      if (module.value) return;
      const telling = setTimeout(() => (waits.value = "long"), TELL_AFTER_MS);
      void load().then(
        (arrived) => (module.value = loaded = arrived),
        () => (waits.value = "in vain"),
      ).finally(() => clearTimeout(telling));
      return () => clearTimeout(telling);
    }, []);
    if (module.value) return <>{children(module.value)}</>;
    if (waits.value === "in vain") return as === "screen" ? <NotLoaded /> : <p class="banner" data-tone="warn">{notKept()}</p>;
    return waits.value === "long" && as === "screen" ? <Loading /> : null;
  };
}

function Loading() {
  return (
    <Screen title={t("Loading")} parent={{ name: "home" }}>
      <Skeleton />
    </Screen>
  );
}

/** A browser may remember that a module could not be fetched: only a fresh start surely asks again. */
function NotLoaded() {
  const bar = (
    <Action name="reload" busy={t("Loading")} onTap={() => location.reload()}>
      {t("Try again")}
    </Action>
  );
  return (
    <Screen title={t("This page could not be loaded")} parent={{ name: "home" }} bar={bar}>
      <p>{notKept()}</p>
    </Screen>
  );
}

function notKept(): string {
  return t("It is not kept on this phone yet. Go where there is signal, then try again. Your steps are safe on this phone.");
}
