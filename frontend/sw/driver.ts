/** Service worker of the driver's app. */
import { serveApp } from "./serve";

serveApp(self as unknown as ServiceWorkerGlobalScope, "mallrun-driver-", "/driver/");
