/** The card about messages to a locked phone, loaded when somebody waits or looks at the account. */
import { lazily } from "./lazily";

export const Pushes = lazily(() => import("./push-card"), "part");
