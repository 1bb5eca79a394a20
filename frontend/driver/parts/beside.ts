/** The parts of `questions.ts`, brought when the first of them is needed. */
import { lazily } from "./lazily";

export const Questions = lazily(() => import("./questions"), "part");
