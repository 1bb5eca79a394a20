/** Service worker of the driver's app. */
import { showMessages } from "./push";
import { serveApp } from "./serve";
import { sendWhenOnline } from "./sync";

const scope = self as unknown as ServiceWorkerGlobalScope;
serveApp(scope, "mallrun-driver-", "/driver/");
sendWhenOnline(scope, { database: "mallrun-driver", lock: "mallrun-driver-outbox", basePath: "/driver/api" });
showMessages(scope, "/driver/");
