/** What the driver is asked or told beside the work, loaded together when the first of it comes. */
export { CallLink } from "./call-link";
export { EarlyBanner } from "./early";
export { Incidents } from "./incidents";
export { LapseBanners } from "./lapse";
export { NewOrder } from "./new-order";
export { PhoneBanner } from "./phone-banner";
