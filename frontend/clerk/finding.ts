/** Finding one of today's deliveries by what somebody at the counter knows of it. No DOM. */
import type { ArrivingDriver, DeskDelivery, DeskState } from "./api";

export interface Found {
  /** What waits first, in the board's order, then what has left. */
  deliveries: DeskDelivery[];
  /** Drivers of that name, and those who come for what was found. */
  drivers: ArrivingDriver[];
}

/**
 * Look through today's lists. Every word must fit: the beginning of the recipient's or the driver's name or of a part
 * of the area, a part of the order number, or the beginning of a label's code.
 */
export function find(state: Pick<DeskState, "to_pack" | "ready" | "gone" | "arriving">, typed: string): Found {
  const words = plain(typed).split(" ").filter(Boolean);
  if (words.length === 0) return { deliveries: [], drivers: [] };
  const deliveries = [...state.to_pack, ...state.ready, ...state.gone].filter((each) => words.every((word) => isOf(each, word)));
  const ids = new Set(deliveries.map(({ id }) => id));
  const drivers = state.arriving.filter((run) =>
    words.every((word) => begins(run.driver.first_name, word)) || run.deliveries.some(({ id }) => ids.has(id)));
  return { deliveries, drivers };
}

function isOf(delivery: DeskDelivery, word: string): boolean {
  const code = word.toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  return [delivery.recipient_first_name, delivery.driver_first_name ?? "", delivery.area].some((text) => begins(text, word))
    || plain(delivery.merchant_ref ?? "").includes(word)
    // A board that an earlier release has kept knows no codes.
    || (delivery.label_codes ?? []).some((each) => each.startsWith(code));
}

/** Whether a word of the text begins so. */
function begins(text: string, word: string): boolean {
  return ` ${plain(text)}`.includes(` ${word}`);
}

/** Small letters without accents; whatever stands between words is one space. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[\s,]+/gu, " ").trim();
}
