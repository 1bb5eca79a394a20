/** The words for refusals, with those that only a store's tablet meets. */
/// <reference path="../generated.d.ts" />
import deskOnly from "../generated/problems-desk.json";
import { alsoKnow } from "../lib/problems";
import "../scan/problems";

alsoKnow(deskOnly);

export { problemFor } from "../lib/problems";
