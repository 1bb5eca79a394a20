/** What a driver without a run sees, loaded together: going on duty, and what is on offer. */
export { DutyScreen } from "./duty";
export { OffersScreen } from "./offers";
