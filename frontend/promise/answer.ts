/** What `GET /promise` answers, and asking it: `app/web/promise/present.py`. */

export interface Answer {
  store: string;
  postal_code: string;
  today: boolean;
  code: string;
  has_checkout: boolean;
  order_by: string | null;
  seconds_left: number | null;
  window: { from: string; until: string; text: string } | null;
  price: { amount_minor: number; currency: string; text: string } | null;
  title: string;
  text: string;
  next_step: string;
  countdown: { text: string; hours: string; minutes: string } | null;
}

const PATIENCE_MS = 8_000;

export function promiseUrl(origin: string, store: string, postalCode: string, language: string): string {
  const query = new URLSearchParams({ store, postal_code: postalCode, lang: language });
  return `${origin}/promise?${query}`;
}

/** Ask without cookies; undefined when there is no answer that could be shown. */
export async function ask(url: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, {
      credentials: "omit",
      headers: { Accept: "application/json" },
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return response.ok ? ((await response.json()) as Answer) : undefined;
  } catch {
    return undefined;
  }
}
