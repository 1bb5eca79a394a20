"""Contradictions between devices, as they come about: somebody was without signal."""

from types import SimpleNamespace
from typing import Any

from tests.devices import phone_of, picked_up
from tests.factories import handles_of
from tests.journeys import claimed
from tests.personas import Clerk, Driver

Result = dict[str, Any]


def both_prove_it(first: Driver, second: Driver, carl: Clerk) -> SimpleNamespace:
    """Let two drivers scan the tablet's codes for one delivery; the first uploads last (C3)."""
    row, kept = _taken_over(first, second, carl)
    run_id, phone = claim_again(second, row), phone_of(second)
    phone.results(picked_up(phone, carl.shows(second, run_id), handles_of([row])))
    (result,) = phone_of(first).results(kept)
    assert result["outcome"] == "applied", result
    return row


def one_only_says_it(first: Driver, second: Driver, carl: Clerk) -> SimpleNamespace:
    """Let a driver who gave the run up say, without a code, that he took the parcels (C2)."""
    row, _kept = _taken_over(first, second, carl)
    claim_again(second, row)
    phone = phone_of(first)
    phone.results(picked_up(phone, "", handles_of([row]), evidence=[{"kind": "assertion"}]))
    return row


def claim_again(driver: Driver, row: SimpleNamespace) -> str:
    """Let a driver claim the run that a delivery is in now."""
    run_id = driver.mall.delivery(row.id).run_id
    assert driver.claim(run_id).status_code == 200
    return run_id


def _taken_over(first: Driver, second: Driver, carl: Clerk) -> tuple[SimpleNamespace, Result]:
    """Let one driver scan without signal, and give the run up before he uploads."""
    run_id = claimed(first)
    row = first.mall.only_delivery(run_id)
    kept = picked_up(phone_of(first), carl.shows(first, run_id), handles_of([row]))
    assert first.post(f"runs/{run_id}/release", reason="mistake", note="").status_code == 200
    assert second.person_id != first.person_id
    return row, kept
