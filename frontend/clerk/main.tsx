/** Start of the desk's app. */
import { render } from "preact";
import { loadMessages, t } from "../lib/i18n";
import { persistStorage } from "../lib/storage";
import { registerUpdates } from "../lib/updates";
import { App } from "./app";
import { type Desk, DeskContext, openDesk } from "./desk";
import { followAddress } from "./route";
import { enrolmentCode } from "./session";

async function start(): Promise<void> {
  const root = document.getElementById("app")!;
  await loadMessages(document.documentElement.lang);
  followAddress(enrolmentCode);
  let desk: Desk;
  try {
    desk = await openDesk();
  } catch {
    root.replaceChildren();
    render(<NoStorage />, root);
    return;
  }
  void persistStorage();
  const { worker, scope } = document.body.dataset;
  if (worker && scope) {
    void registerUpdates(worker, scope, (updates) => {
      desk.update.value = updates;
    });
  }
  root.replaceChildren();
  render(<DeskContext.Provider value={desk}><App /></DeskContext.Provider>, root);
}

function NoStorage() {
  return (
    <main class="page page-narrow stack">
      <h1>{t("This browser keeps no data")}</h1>
      <p>{t("The desk needs a place for its key and for unsent steps. Leave private browsing, or allow this site to keep data, then open the page again.")}</p>
    </main>
  );
}

void start();
