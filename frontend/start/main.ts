/** The start page's copy buttons; without them everything on the page still works. */

const DONE_MS = 2_000;

function addCopying(button: HTMLButtonElement): void {
  const idle = button.textContent ?? "";
  let timer = 0;
  button.hidden = false;
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(button.dataset["copy"] ?? "").then(() => {
      button.textContent = button.dataset["done"] ?? "";
      clearTimeout(timer);
      timer = window.setTimeout(() => (button.textContent = idle), DONE_MS);
    }, () => undefined);
  });
}

// Browsers give the clipboard to secure pages only; elsewhere the texts can be selected by one tap.
if (window.isSecureContext && "clipboard" in navigator) {
  document.querySelectorAll<HTMLButtonElement>("button[data-copy]").forEach(addCopying);
}
