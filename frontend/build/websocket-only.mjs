/** Leaves out of the live connection what it never uses: the server speaks websocket only, and pages poll by themselves. */
const UNUSED = /engine\.io-client\/build\/esm\/transports\/(polling-fetch|polling-xhr(\.node)?|webtransport)\.js$/;

export const websocketOnly = {
  name: "websocket-only",
  setup(build) {
    build.onLoad({ filter: UNUSED }, () => ({ contents: "export const Fetch = undefined, XHR = undefined, WT = undefined;" }));
  },
};
