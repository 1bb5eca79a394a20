/** Fetch Leaflet and its styles once, when the first map is drawn. */
import type * as Leaflet from "leaflet";
import { loadStyles } from "./styles";

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
  const [module] = await Promise.all([import("leaflet"), loadStyles(STYLE_URLS.map!)]);
  // The package is CommonJS: bundlers give its exports as `default`.
  return (module as unknown as { default?: typeof Leaflet }).default ?? module;
}
