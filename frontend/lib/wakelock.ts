/** Keep the screen on while a code is shown or a route is driven. */

/**
 * Hold the screen awake until the answer is called. The browser lets go when the page is hidden, so it is asked again
 * each time the page comes back. Browsers without the interface (or in saving mode) just stay as they are.
 */
export function keepAwake(page: Document = document, wakeLock: WakeLock | undefined = navigator.wakeLock): () => void {
  let sentinel: WakeLockSentinel | null = null;
  let isWanted = true;

  async function ask(): Promise<void> {
    if (!isWanted || page.visibilityState !== "visible" || (sentinel && !sentinel.released)) return;
    try {
      const granted = await wakeLock?.request("screen");
      if (isWanted) sentinel = granted ?? null;
      else await granted?.release();
    } catch {
      // Battery saver or a hidden page: the screen may go dark, nothing else happens.
    }
  }

  const whenVisible = (): void => void ask();
  page.addEventListener("visibilitychange", whenVisible);
  void ask();
  return () => {
    isWanted = false;
    page.removeEventListener("visibilitychange", whenVisible);
    void sentinel?.release().catch(() => undefined);
  };
}
