/** What the driver is asked beside the work, loaded together when the first question comes. */
export { Incidents } from "./incidents";
export { LapseBanners } from "./lapse";
export { NewOrder } from "./new-order";
