/** A button that copies what stands beside it; without a clipboard there is none, and people select it by hand. DOM. */

/** @param button `data-copy` is the id of what is copied; a status line follows, `data-copied` is what it says. */
export function offerCopy(button: HTMLElement): void {
  const source = document.getElementById(button.dataset["copy"] ?? "");
  const line = button.nextElementSibling;
  // Browsers have a clipboard on safe origins only.
  if (!source || !line || !("clipboard" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const text = source instanceof HTMLTextAreaElement ? source.value : (source.textContent ?? "").trim();
    navigator.clipboard.writeText(text).then(
      () => (line.textContent = button.dataset["copied"] ?? ""),
      // Not allowed: at least it is selected.
      () => getSelection()?.selectAllChildren(source),
    );
  });
}
