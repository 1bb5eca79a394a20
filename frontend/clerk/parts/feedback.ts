/** The one sound and vibration of the app; `prepare` is called when a scanner is opened, which is always by a tap. */
import { createFeedback } from "../../lib/feedback";

export const feedback = createFeedback();
