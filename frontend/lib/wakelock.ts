/** Keep the screen on while a code is shown, a route is driven or a run is waited for. */

/** Whom `keepAwake` asks, and whom it tells; each may be left out. */
interface AwakeParts {
  page?: Document;
  wakeLock?: WakeLock | undefined;
  /** Whether the phone does as asked, at each change while the page is in sight. */
  tell?: (isHeld: boolean) => void;
}

/**
 * Hold the screen awake until the answer is called. The browser lets go when the page is hidden, so it is asked again
 * each time the page comes back. Browsers without the interface (or in saving mode) just stay as they are.
 */
export function keepAwake({ page = document, wakeLock = globalThis.navigator?.wakeLock, tell }: AwakeParts = {}): () => void {
  let sentinel: WakeLockSentinel | null = null;
  let isWanted = true;
  const say = (isHeld: boolean): void => {
    if (isWanted && page.visibilityState === "visible") tell?.(isHeld);
  };

  async function ask(): Promise<void> {
    if (!isWanted || page.visibilityState !== "visible" || (sentinel && !sentinel.released)) return;
    try {
      const granted = await wakeLock?.request("screen");
      if (!isWanted) return void (await granted?.release());
      sentinel = granted ?? null;
      // A phone that runs low may take it back at any time.
      sentinel?.addEventListener("release", () => say(false));
      say(sentinel !== null);
    } catch {
      // Battery saver or a hidden page: the screen may go dark, nothing else happens.
      say(false);
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
