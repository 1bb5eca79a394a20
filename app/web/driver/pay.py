"""Pay as the driver's app takes it: of an offer, of a run, of what is finished."""

from collections.abc import Sequence
from typing import Any

from app.deliveries import queries as deliveries
from app.runs import queries as runs
from app.runs.queries import PayLineRow, Run
from app.runs.under_way import HeldRun, PayPart
from app.sites import queries as sites
from app.web.formats import iso_or_none, money, pay_facts

Json = dict[str, Any]


def pay_json(lines: Sequence[PayLineRow] | Sequence[PayPart], currency: str) -> Json:
    """Return `pay`, line by line, and `pay_total`."""
    return {
        "pay": [
            {
                "kind": line.kind,
                "facts": pay_facts(line.kind, line.quantity, line.unit_minor, currency),
                **money(line.amount_minor, currency),
            }
            for line in lines
            # A rule without a rate for it, such as a hub's, has nothing to say about it.
            if line.unit_minor or line.amount_minor
        ],
        "pay_total": money(sum(line.amount_minor for line in lines), currency),
    }


def wave_json(run: Run | HeldRun) -> Json | None:
    """Return when a station's run leaves, and from which bay; None elsewhere."""
    if run.wave_at is None:
        return None
    return {"leaves_at": iso_or_none(run.wave_at), "bay": run.bay}


def finished_json(rows: Sequence[Run]) -> list[Json]:
    """Return finished runs with what they earned. A fixed number of queries."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    pay = runs.pay_lines(ids)
    names = sites.names_by_id({row.site_id for row in rows})
    carried: dict[str, list[str]] = {run_id: [] for run_id in ids}
    for delivery in deliveries.deliveries_of_runs(ids):
        if delivery.run_id is not None:
            carried[delivery.run_id].append(delivery.status)
    return [
        {
            "id": row.id,
            "site_name": names.get(row.site_id, ""),
            "finished_at": iso_or_none(row.finished_at),
            "delivered_count": carried[row.id].count("delivered"),
            "returned_count": carried[row.id].count("returned"),
            **pay_json(pay[row.id], row.currency),
        }
        for row in rows
    ]
