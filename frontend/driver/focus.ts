/** Keeps the place of the keyboard and of a screen reader when the control that was used goes away. */

/** Give the focus to the title of the screen whenever what had it was taken from the page and nothing else took it. */
export function keepFocus(root: HTMLElement): void {
  let last: Node | null = null;
  root.addEventListener("focusin", ({ target }) => (last = target as Node));
  const look = (): void => {
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    last = null;
    root.querySelector("h1")?.focus({ preventScroll: true });
  };
  new MutationObserver(look).observe(root, { childList: true, subtree: true });
}
