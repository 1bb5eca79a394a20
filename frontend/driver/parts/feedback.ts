/** The one sound and vibration of the app; `prepare` is called in the tap that opens a scanner. */
import { createFeedback } from "../../lib/feedback";

export const feedback = createFeedback();
