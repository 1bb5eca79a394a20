/** What a driver with a run sees, loaded together: the run and its stops. */
export { RunScreen } from "./run";
export { StopRouter } from "./stop-router";
