/** Fetch Leaflet and its styles once, when the first map is drawn. DOM: adds one `<link>`. */
import type * as Leaflet from "leaflet";

let loading: Promise<typeof Leaflet | null> | null = null;

/** Answers null when it cannot be loaded, such as without signal before it was ever kept; a later call tries again. */
export function loadLeaflet(): Promise<typeof Leaflet | null> {
  loading ??= load().catch(() => {
    loading = null;
    return null;
  });
  return loading;
}

async function load(): Promise<typeof Leaflet> {
  const [module] = await Promise.all([import("leaflet"), loadStyles()]);
  // The package is CommonJS: bundlers give its exports as `default`.
  return (module as unknown as { default?: typeof Leaflet }).default ?? module;
}

function loadStyles(): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = STYLE_URLS.map!;
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => {
      link.remove();
      reject(new Error("map styles"));
    });
    document.head.append(link);
  });
}
