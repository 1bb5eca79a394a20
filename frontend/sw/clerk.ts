/** Service worker of the desk's app. */
import { serveApp } from "./serve";

serveApp(self as unknown as ServiceWorkerGlobalScope, "mallrun-desk-", "/desk/");
