/** Hands the app's commands to the screens. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { App } from "../app";

const AppContext = createContext<App | null>(null);

export const ProvideApp = AppContext.Provider;

/** The running app. Throws outside of it, which is a programming mistake. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("no app around this screen");
  return app;
}
