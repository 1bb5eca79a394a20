/** Starts the driver's app in the page's `<main id="app">`. */
import { render } from "preact";
import { loadMessages, t } from "../lib/i18n";
import { registerUpdates } from "../lib/updates";
import { startApp } from "./app";
import { keepFocus } from "./focus";
import { followAddress } from "./navigation";
import { ProvideApp } from "./parts/context";
import { Screens } from "./screens/screens";
import * as signals from "./state";

interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

/** Keep the browser's install question for a moment that suits the driver. */
function catchInstall(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    signals.install.value = () => {
      signals.install.value = null;
      void (event as InstallEvent).prompt();
    };
  });
}

async function start(): Promise<void> {
  const root = document.getElementById("app")!;
  catchInstall();
  await loadMessages(document.documentElement.lang);
  followAddress();
  try {
    const app = await startApp();
    root.replaceChildren();
    keepFocus(root);
    render(
      <ProvideApp value={app}>
        <Screens />
      </ProvideApp>,
      root,
    );
  } catch (error) {
    console.error(error);
    root.textContent = t("This browser does not let the app keep anything on this phone. Open it in a normal window, not a private one, and allow it to store data.");
    return;
  }
  const { worker, scope } = document.body.dataset;
  if (worker) await registerUpdates(worker, scope ?? "/driver/", (updates) => (signals.update.value = updates));
}

void start();
