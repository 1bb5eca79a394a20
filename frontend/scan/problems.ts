/** The words for refusals, with those that codes, cameras and photos meet: for the screens where people use them. */
/// <reference path="../generated.d.ts" />
import atHand from "../generated/problems-at-hand.json";
import { alsoKnow } from "../lib/problems";

alsoKnow(atHand);

export { problemFor } from "../lib/problems";
