from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.delivery import DeliveryStatus
from app.domain.run import RunStatus
from app.domain.trouble import UNWANTED_AFTER, Trouble, hours_unwanted, severity, trouble_of

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
S = DeliveryStatus


def trouble(status: DeliveryStatus, **given) -> Trouble | None:
    fields: dict[str, Any] = {
        "is_held": False,
        "is_unproved": False,
        "planned_until": AFTER,
        "told_until": AFTER,
    }
    return trouble_of(status, **fields | given, now=NOW)


@pytest.mark.parametrize(
    ("status", "given", "expected"),
    [
        (S.CREATED, {}, None),
        (S.CREATED, {"planned_until": NOW, "told_until": NOW}, None),
        (S.CREATED, {"planned_until": BEFORE}, Trouble.AT_RISK),
        (S.ENROUTE_TO_DROPOFF, {"planned_until": BEFORE, "told_until": BEFORE}, Trouble.LATE),
        (S.DELIVERED, {"planned_until": BEFORE, "told_until": BEFORE}, None),
        (S.CANCELLED, {"planned_until": BEFORE, "told_until": BEFORE}, None),
        (S.DELIVERED, {"is_unproved": True}, Trouble.UNPROVED),
        (S.PICKED_UP, {"is_unproved": True, "planned_until": BEFORE}, Trouble.AT_RISK),
        (S.LOST, {}, Trouble.ENDED_BADLY),
        (S.RETURNED, {"is_unproved": True}, Trouble.ENDED_BADLY),
        (S.LOST, {"is_held": True}, Trouble.HELD),
    ],
)
def test_the_worst_of_a_delivery_is_said(status, given, expected):
    assert trouble(status, **given) is expected


def test_what_somebody_must_decide_comes_before_what_is_only_slow():
    worst_first = sorted(Trouble, key=severity)

    assert worst_first[0] is Trouble.HELD
    assert severity(Trouble.LATE) < severity(Trouble.UNWANTED) < severity(Trouble.AT_RISK)
    assert worst_first[-1] is Trouble.UNPROVED


@pytest.mark.parametrize(
    ("status", "raises", "age", "hours"),
    [
        (RunStatus.OFFERED, 1, UNWANTED_AFTER, 1),
        (RunStatus.OFFERED, 2, timedelta(hours=2, minutes=59), 2),
        (RunStatus.OFFERED, 1, UNWANTED_AFTER - timedelta(seconds=1), 0),
        (RunStatus.OFFERED, 0, timedelta(hours=5), 0),
        (RunStatus.CLAIMED, 2, timedelta(hours=5), 0),
    ],
)
def test_a_run_is_unwanted_by_the_hour_once_it_was_raised(status, raises, age, hours):
    assert hours_unwanted(status, raises=raises, offered_at=NOW - age, now=NOW) == hours
