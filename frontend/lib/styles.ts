/** Style sheets that come with what they are for, after the start. DOM: adds `<link>`s. */

const sheets = new Map<string, Promise<void>>();

/** Load a sheet once. Rejects when it cannot be had; a later call tries again. */
export function loadStyles(address: string): Promise<void> {
  const known = sheets.get(address);
  if (known) return known;
  const loading = add(address);
  sheets.set(address, loading);
  loading.catch(() => sheets.delete(address));
  return loading;
}

function add(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => {
      link.remove();
      reject(new Error(`no styles at ${address}`));
    });
    document.head.append(link);
  });
}
