/** One at a time, across all tabs of this device. */

/** Run `work` when nobody else holds the lock; the answer is `work`'s. */
export type Lock = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * A Web Lock with the given name, or a queue inside this page where the browser has none (old ones, insecure pages).
 *
 * Cost: waits for the holder.
 */
export function createLock(name: string, locks: LockManager | undefined = globalThis.navigator?.locks): Lock {
  if (locks) return (work) => locks.request(name, work) as Promise<Awaited<ReturnType<typeof work>>>;
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
