/** Constants that `frontend/build.mjs` writes into the bundles. */

/** Names this build: ten hex digits over everything it wrote. Only known to service workers. */
declare const RELEASE: string;

/** Addresses of every file the service worker's app needs offline, each with its hash in its name. */
declare const PRECACHE: readonly string[];

/** Where the QR decoder's WebAssembly is served from; hand it to `prepareZXingModule` as `locateFile`. */
declare const ZXING_WASM_URL: string;

/** Addresses of the translations by language, for languages other than English. */
declare const MESSAGES_URLS: Readonly<Record<string, string>>;

/**
 * Addresses of web workers by source name: `WORKER_URLS.decoder` for `frontend/lib/decoder.worker.ts`.
 * Written into the bundle name by name: always a literal property, never a variable one.
 */
declare const WORKER_URLS: Readonly<Record<string, string>>;

/** Addresses of style sheets loaded on demand, as above: `STYLE_URLS.leaflet`. */
declare const STYLE_URLS: Readonly<Record<string, string>>;
