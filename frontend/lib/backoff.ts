/** Waiting longer after each failure, with chance in it, so that a crowd does not come back at once. */

/**
 * Milliseconds to wait before try number `failures + 1`: between half of and the whole of `base · 2^(failures-1)`,
 * never above `cap`. `chance` is in 0…1.
 */
export function backoffDelay(failures: number, base: number, cap: number, chance: number): number {
  const ceiling = Math.min(cap, base * 2 ** Math.max(0, Math.min(failures, 30) - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * chance);
}
