from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.handoff import Evidence, EvidenceLevel, judge_times, level_of, refuse_release
from app.domain.problems import PROBLEMS
from app.domain.tokens import Release, ReleasedDelivery

IAT = 1_767_225_600
SHOWN = datetime.fromtimestamp(IAT, UTC)
NONCE = bytes(range(8))
MINUTE, HOUR, DAY = 60, 3600, 86_400

FINE: dict[str, Any] = {
    "my_kid": 0xD001,
    "my_deliveries": {"0a" * 8: 2, "0b" * 8: 1, "0c" * 8: 1},
    "store_desk_kids": {0x5001, 0x5002},
    "now_s": IAT,
    "used_nonces": {bytes(8)},
}
RELEASE = Release(
    kid=0x5001,
    iat=IAT,
    anchor=bytes(8),
    nonce=NONCE,
    clerk=193,
    driver_kid=0xD001,
    deliveries=(ReleasedDelivery("0a" * 8, 2), ReleasedDelivery("0b" * 8, 1)),
)


def refuse(**changed: Any) -> str | None:
    return refuse_release(RELEASE, **FINE | changed)


# In the protocol's order: an earlier reason hides the later ones.
REFUSALS = [
    ("other_store", {"store_desk_kids": {0x5002}}),
    ("stale_code", {"now_s": IAT + 61}),
    ("not_addressee", {"my_kid": 0xD002}),
    ("other_delivery", {"my_deliveries": {"0a" * 8: 3}}),
    ("parcel_count_differs", {"my_deliveries": {"0a" * 8: 2, "0b" * 8: 2}}),
    ("already_used", {"used_nonces": {NONCE}}),
]


@pytest.mark.parametrize("now_s", [IAT - 30, IAT - 0.5, IAT, IAT + 60])
def test_a_release_for_this_driver_is_taken(now_s: float):
    assert refuse(now_s=now_s) is None


@pytest.mark.parametrize(("reason", "changed"), REFUSALS)
def test_a_release_is_refused_for_each_reason(reason: str, changed: dict[str, Any]):
    assert refuse(**changed) == reason
    assert PROBLEMS[reason].on_device


@pytest.mark.parametrize("first", range(len(REFUSALS) - 1))
def test_the_first_reason_is_the_one_that_is_told(first: int):
    changed: dict[str, Any] = {}
    for _, facts in reversed(REFUSALS[first:]):
        changed |= facts
    assert refuse(**changed) == REFUSALS[first][0]


@pytest.mark.parametrize(
    ("now_s", "reason"),
    [(IAT + 60.01, "stale_code"), (IAT + DAY, "stale_code"), (IAT - 30.01, "code_from_future")],
)
def test_a_code_out_of_its_minute_is_refused(now_s: float, reason: str):
    assert refuse(now_s=now_s) == reason


@pytest.mark.parametrize(
    ("occurred_s", "received_s", "verdict", "flags"),
    [
        # Online: received within 60 s; the code's age counts at the server.
        (0, 0, "ok", ()),
        (0, 60, "ok", ()),
        (0, -30, "ok", ()),
        (60, 0, "ok", ()),
        (1, 61, "stale_code", ()),
        (60, 61, "stale_code", ()),
        (0, -31, "stale_code", ()),
        # Offline: the two devices' times count against each other.
        (0, 61, "ok", ()),
        (0, 3 * HOUR, "ok", ()),
        (120, 3 * HOUR, "ok", ()),
        (-120, 3 * HOUR, "ok", ()),
        (121, 3 * HOUR, "ok", ("stale_pair",)),
        (-121, 3 * HOUR, "ok", ("stale_pair",)),
        (10 * MINUTE, 3 * HOUR, "ok", ("stale_pair",)),
        (10 * MINUTE + 1, 3 * HOUR, "review", ()),
        (-10 * MINUTE - 1, 3 * HOUR, "review", ()),
        # Reported late.
        (0, 7 * DAY, "ok", ()),
        (0, 7 * DAY + 1, "review", ()),
        # The scanner's clock is ahead of the server's: its time is taken to be the reception, and
        # how far it is from the shower's says nothing.
        (61, 0, "ok", ("clock_ahead",)),
        (DAY, 100, "ok", ("clock_ahead",)),
        (DAY, 5 * MINUTE, "ok", ("clock_ahead", "stale_pair")),
        (DAY, 3 * HOUR, "ok", ("clock_ahead", "stale_pair")),
        (8 * DAY, 7 * DAY + 1, "review", ("clock_ahead",)),
        # Both are: they agree with each other, or nothing explains the code.
        (5, -3 * HOUR, "ok", ("clock_ahead",)),
        (DAY, -3 * HOUR, "review", ("clock_ahead",)),
    ],
)
def test_times_are_judged_by_the_protocols_table(
    occurred_s: int, received_s: int, verdict: str, flags: tuple[str, ...]
):
    occurred_at = SHOWN + timedelta(seconds=occurred_s)
    received_at = SHOWN + timedelta(seconds=received_s)
    judged = judge_times(IAT, occurred_at, received_at)
    assert (judged.verdict, judged.flags) == (verdict, flags)
    assert judged.occurred_at == (received_at if "clock_ahead" in flags else occurred_at)


def test_daylight_saving_does_not_move_a_code():
    # New York put its clocks back at 06:00 UTC on this day.
    shown = datetime(2026, 11, 1, 5, 59, 30, tzinfo=UTC)
    later = shown + timedelta(seconds=45)
    assert judge_times(int(shown.timestamp()), later, later).verdict == "ok"


def test_a_code_beyond_the_year_2038_is_judged():
    later = datetime.fromtimestamp(2**31 + 5, UTC)
    assert judge_times(2**31, later, later).verdict == "ok"


@pytest.mark.parametrize(
    ("evidence", "level"),
    [
        (Evidence(), "E0"),
        (Evidence(labels_scanned=True), "E0"),
        (Evidence(in_geofence=True), "E0"),
        (Evidence(desk_nonces={NONCE}, windows_overlap=True), "E0"),
        (Evidence(labels_scanned=True, in_geofence=True), "E1"),
        (Evidence(token_nonce=NONCE), "E2"),
        (Evidence(token_nonce=NONCE, labels_scanned=True, in_geofence=True), "E2"),
        (Evidence(token_nonce=NONCE, desk_nonces={bytes(8)}, windows_overlap=True), "E2"),
        (Evidence(token_nonce=NONCE, desk_nonces={NONCE}), "E2"),
        (Evidence(token_nonce=NONCE, desk_nonces={bytes(8), NONCE}, windows_overlap=True), "E3"),
    ],
)
def test_evidence_reaches_its_level(evidence: Evidence, level: str):
    assert level_of(evidence) == level


def test_levels_sort_from_weak_to_strong():
    assert sorted(EvidenceLevel) == list(EvidenceLevel)
