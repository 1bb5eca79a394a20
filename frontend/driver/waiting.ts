/** Waiting for the outbox to have written a command down. */
import type { OutboxView } from "../lib/outbox-contract";

/** Resolves with null once the outbox lists `commandId` as kept. */
export function keptAs(outbox: { subscribe(listener: (view: OutboxView) => void): () => void }, commandId: string): Promise<null> {
  return new Promise((resolve) => {
    let stop: () => void = () => undefined;
    let isKept = false;
    stop = outbox.subscribe((view) => {
      if (isKept || !view.pending.some((one) => one.commandId === commandId)) return;
      isKept = true;
      resolve(null);
      queueMicrotask(() => stop());
    });
  });
}
