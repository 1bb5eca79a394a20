/** What is done at a stop or a counter, loaded together when the first of it is opened. */
import { loadStyles } from "../../lib/styles";

export { KeptStill } from "../parts/kept-still";
export { NavigateSheet } from "../parts/sheet-navigate";
export { AssertScreen } from "./assert";
export { BringScreen } from "./bring";
export { CannotScreen } from "./cannot";
export { PhotoScreen } from "./photo";
export { PinScreen } from "./pin";
export { ScanCustomer } from "./scan-customer";
export { ReturnDetails } from "../parts/return-details";
export { ScanRelease } from "./scan-release";
export { ShortCodeScreen } from "./short-code";
export { ShowPhone } from "./show-phone";

/** What these screens need to look right. */
export const styles = (): Promise<void> => loadStyles(STYLE_URLS.stop!);
