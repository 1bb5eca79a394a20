/** What is looked at between runs or seldom, loaded together when the first of it is opened. */
export { AccountScreen } from "./account";
export { BlocksScreen } from "./blocks";
export { EarningsScreen } from "./earnings";
export { FinishedScreen } from "./finished";
export { ReleaseScreen } from "./release";
export { UnsentScreen } from "./unsent";
