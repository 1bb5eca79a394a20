/** The moments in a page's life when it is worth asking the server again. */

/** Where `online` and `visibilitychange` come from: `window` and `document`, or fakes. */
export interface PageEvents {
  /** Call `work` on each; the answer stops listening. */
  onOnline(work: () => void): () => void;
  /** When the page comes to the foreground. */
  onForeground(work: () => void): () => void;
  /** When the page goes out of sight; it may never come back. */
  onBackground(work: () => void): () => void;
  isVisible(): boolean;
  /** True when the browser knows that there is no way to any server; false says nothing. */
  isOffline(): boolean;
}

/** As much of a document as this needs, so that workers can read this file too. */
type Page = EventTarget & { readonly visibilityState: string };

/** The page's own events; also `pageshow`, for pages that come back from the back-forward cache. */
export function pageEvents(page: Page, view: EventTarget): PageEvents {
  const listen = (target: EventTarget, type: string, work: () => void): (() => void) => {
    target.addEventListener(type, work);
    return () => target.removeEventListener(type, work);
  };
  return {
    onOnline: (work) => listen(view, "online", work),
    onForeground: (work) => {
      const whenVisible = (): void => {
        if (page.visibilityState === "visible") work();
      };
      const stops = [listen(page, "visibilitychange", whenVisible), listen(view, "pageshow", whenVisible)];
      return () => stops.forEach((stop) => stop());
    },
    onBackground: (work) =>
      listen(page, "visibilitychange", () => {
        if (page.visibilityState !== "visible") work();
      }),
    isVisible: () => page.visibilityState === "visible",
    isOffline: () => navigator.onLine === false,
  };
}
