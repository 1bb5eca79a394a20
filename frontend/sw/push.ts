/** Connect messages to a service worker's `push` and `notificationclick` events. */
import { type MessageScope, type PushMessage, openHome, showMessage } from "../lib/push-messages";

/** Show messages of the server; call once, at the top of the driver's service worker. */
export function showMessages(scope: ServiceWorkerGlobalScope, root: string): void {
  const messages: MessageScope = {
    windows: () => scope.clients.matchAll({ type: "window" }),
    openWindow: (address) => scope.clients.openWindow(address),
    unread: (tag) => scope.registration.getNotifications({ tag }),
    show: (title, options) => scope.registration.showNotification(title, options),
  };

  scope.addEventListener("push", (event) => {
    // What carries nothing is none of ours.
    if (event.data) event.waitUntil(showMessage(messages, event.data.json() as PushMessage));
  });
  scope.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(openHome(messages, root));
  });
}
