/** Before the id of a stop: the key, among photos, of one that was taken there and not used. By itself, because the start needs no more of it. */
export const STILL = "still:";
