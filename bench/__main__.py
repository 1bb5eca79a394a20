"""Print one line per figure: `name  ours  peer  ratio  goal  ok|short`. `ONLY=name` runs one."""

import os
import sys

from bench import (
    claim_rate,
    creates,
    delivery_list,
    envelopes,
    forming,
    hard_frames,
    lighthouse,
    lilim,
    offers,
    order_rows,
    page_bytes,
    position_latency,
    promise_kept,
    promises,
    query_count,
    reloads,
    replan,
    scanning,
    sequencing,
    uploads,
    webhook_attempts,
)
from bench.figures import HEAD, Figure, Measure, clear, say

FIGURES: dict[str, Measure] = {
    "claim_rate": claim_rate.measure,
    "creates": creates.measure,
    "webhook_attempts": webhook_attempts.measure,
    "order_rows": order_rows.measure,
    "promises": promises.measure,
    "promise_kept": promise_kept.measure,
    "delivery_list": delivery_list.measure,
    "position_latency": position_latency.measure,
    "offers_p95": offers.measure,
    "page_bytes": page_bytes.measure,
    "query_count": query_count.measure,
    "envelopes": envelopes.measure,
    "uploads": uploads.measure,
    "hard_frames": hard_frames.measure,
    "scanning": scanning.measure,
    "sequencing": sequencing.measure,
    "forming": forming.measure,
    "reloads": reloads.measure,
    "replan": replan.measure,
    "lilim": lilim.measure,
    "lighthouse": lighthouse.measure,
}


def main(only: str) -> int:
    """Measure and print; return 1 when a figure misses its goal."""
    chosen = {name: measure for name, measure in FIGURES.items() if only in ("", name)}
    if not chosen:
        print(f"No figure is called {only}. There are: {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    print(HEAD)
    found: list[Figure] = []
    for name, measure in chosen.items():
        say(name)
        for figure in measure():
            clear()
            print(figure.line(), flush=True)
            found.append(figure)
    clear()
    return int(any(figure.verdict == "short" for figure in found))


if __name__ == "__main__":
    sys.exit(main(os.environ.get("ONLY", "") or "".join(sys.argv[1:2])))
