/** Finding and filling the parts of the server's page by `data-hook`. DOM. */

/** The part called `name`. Throws when the template and this script do not belong together. */
export function part<Kind extends HTMLElement = HTMLElement>(name: string): Kind {
  const found = document.querySelector<Kind>(`[data-hook="${name}"]`);
  if (!found) throw new Error(`no part "${name}" on this page`);
  return found;
}

/** Write a line in place, and only when it differs: a touched node is read again by some screen readers. */
export function say(name: string, text: string): void {
  const line = part(name);
  if (line.textContent !== text) line.textContent = text;
}

/** Show or hide a part. */
export function reveal(name: string, isShown: boolean): void {
  part(name).hidden = !isShown;
}
