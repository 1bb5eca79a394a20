"""Times that devices claim, against each other and against the server's own (MP1's table)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app import clock, keys
from app.accounts import devices
from app.accounts import queries as accounts
from app.domain.envelope import read_envelope
from app.handoffs.judging import Heard, key_refusal
from tests import factories
from tests.devices import Sent, Signer, phone_of, picked_up
from tests.factories import Mall
from tests.personas import Clerk, Driver
from tests.scenes import claimed_parcels, customer_code_of, open_kinds

pytestmark = pytest.mark.both_engines

HOURS = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Dina at Carl's counter: the delivery that she collects, and her phone."""

    mall: Mall
    dina: Driver
    carl: Clerk
    run_id: str
    handle: str
    phone: Signer

    @property
    def row(self) -> SimpleNamespace:
        return self.mall.only_delivery(self.run_id)

    def scan(self, *, shown: datetime, at: datetime) -> Sent:
        """State a collection; when the tablet showed its code, and when the phone read it."""
        text = self.carl.shows(self.dina, self.run_id, iat=int(shown.timestamp()))
        return picked_up(self.phone, text, {self.handle: 2}, at=at)

    def result(self, sent: Sent) -> dict[str, Any]:
        """Upload a statement and return its result."""
        return self.phone.results(sent)[0]

    def incidents(self) -> dict[str, bool]:
        return open_kinds(self.mall, self.row.id)


@pytest.fixture
def met(mall: Mall, dina: Driver, carl: Clerk) -> Meeting:
    run_id, (handle,) = claimed_parcels(dina)
    return Meeting(mall, dina, carl, run_id, handle, phone_of(dina))


@pytest.mark.parametrize(
    ("age_s", "outcome", "code"),
    [
        (0, "applied", None),
        (55, "applied", None),
        (65, "rejected", "stale_code"),
        (-25, "applied", None),
        (-35, "rejected", "stale_code"),
    ],
)
def test_code_scanned_with_signal_is_a_minute_old_at_most(
    met: Meeting, age_s: int, outcome: str, code: str | None
):
    now = clock.now()
    sent = met.scan(shown=now - timedelta(seconds=age_s), at=now)

    result = met.result(sent)

    assert (result["outcome"], result["code"]) == (outcome, code)
    collected = "enroute_to_dropoff" if code is None else "enroute_to_pickup"
    assert met.row.status == collected


def test_stale_code_can_be_scanned_again(met: Meeting):
    now = clock.now()
    met.result(met.scan(shown=now - timedelta(seconds=70), at=now))

    result = met.result(met.scan(shown=now, at=now))

    assert (result["outcome"], result["flags"]) == ("applied", [])


@pytest.mark.parametrize(
    ("apart_s", "flags"),
    [(0, []), (118, []), (-118, []), (125, ["stale_pair"]), (-125, ["stale_pair"]),
     (598, ["stale_pair"])],
)  # fmt: skip
def test_clocks_without_signal_may_be_ten_minutes_apart(
    met: Meeting, apart_s: int, flags: list[str]
):
    shown = clock.now() - HOURS
    at = shown + timedelta(seconds=apart_s)

    result = met.result(met.scan(shown=shown, at=at))

    assert (result["outcome"], result["level"], result["flags"]) == ("applied", "E2", flags)
    kept = met.row
    assert kept.status == "enroute_to_dropoff"
    assert abs(kept.picked_up_at - at) < timedelta(seconds=1)


@pytest.mark.parametrize("apart_s", [605, -605])
def test_clocks_further_apart_are_for_a_person(met: Meeting, apart_s: int):
    shown = clock.now() - HOURS
    at = shown + timedelta(seconds=apart_s)

    result = met.result(met.scan(shown=shown, at=at))

    assert (result["outcome"], result["code"]) == ("recorded", "needs_review")
    assert met.row.status == "enroute_to_pickup"
    assert met.incidents() == {"needs_review": True}
    assert "statement.recorded" in met.mall.events(met.row.id)


def test_clock_a_day_ahead_is_accepted_inside_the_window(met: Meeting):
    now = clock.now()
    ahead = now + timedelta(days=1)

    result = met.result(met.scan(shown=now - HOURS, at=ahead))

    assert result["outcome"] == "applied"
    assert set(result["flags"]) == {"clock_ahead", "stale_pair"}
    assert abs(met.row.picked_up_at - now) < timedelta(minutes=1)


def test_clock_ahead_is_flagged_without_a_code_too(met: Meeting):
    evidence = [{"kind": "customer_code", "text": customer_code_of(met.mall, met.row.id)}]
    # Later than the code ends: what counts is when the server heard of it.
    ahead = clock.now() + timedelta(days=1)

    result = met.result(
        met.phone.state("handoff.delivered", {met.handle: 2}, evidence=evidence, at=ahead)
    )

    assert (result["outcome"], result["flags"]) == ("applied", ["clock_ahead"])
    assert met.row.status == "delivered"


def test_clock_that_was_moved_is_flagged(met: Meeting):
    moved = {"offset_ms": 5, "sync_age_s": 40, "jump": True}

    result = met.result(met.phone.state("handoff.picked_up", {met.handle: 2}, clock=moved))

    assert result["flags"] == ["clock_jump"]


@pytest.mark.parametrize("kind", ["release_code", "customer_code"])
def test_report_after_a_week_is_for_a_person(met: Meeting, kind: str):
    at = clock.now() - timedelta(days=7, minutes=1)
    if kind == "release_code":
        met.scan(shown=at, at=at)
    else:
        evidence = [{"kind": kind, "text": customer_code_of(met.mall, met.row.id)}]
        met.phone.state("handoff.delivered", {met.handle: 2}, evidence=evidence, at=at)

    (result,) = met.phone.results()

    assert (result["outcome"], result["code"]) == ("recorded", "needs_review")
    assert met.row.status == "enroute_to_pickup"
    assert met.incidents() == {"needs_review": True}


def test_report_within_a_week_counts(met: Meeting):
    at = clock.now() - timedelta(days=6, hours=23)

    result = met.result(met.scan(shown=at, at=at))

    assert (result["outcome"], result["level"]) == ("applied", "E2")


def retire(met: Meeting) -> None:
    with met.mall.writing():
        devices.retire_phone(met.dina.person_id, now=clock.now())


def test_phone_that_may_have_been_retired_before_is_for_a_person(met: Meeting):
    at = clock.now() - HOURS
    sent = met.scan(shown=at, at=at)
    retire(met)

    result = met.result(sent)

    assert (result["outcome"], result["code"]) == ("recorded", "needs_review")
    assert met.row.status == "enroute_to_pickup"
    assert met.incidents() == {"needs_review": True}


def test_code_of_a_tablet_that_may_have_been_retired_before_is_for_a_person(met: Meeting):
    at = clock.now() - HOURS
    sent = met.scan(shown=at, at=at)
    with met.mall.writing():
        factories.a_tablet(met.carl.counter.desk_id, keys.public_bytes(keys.new_private_key()))

    result = met.result(sent)

    assert (result["outcome"], result["code"]) == ("recorded", "needs_review")
    assert met.incidents() == {"needs_review": True}


@pytest.mark.parametrize(
    ("begin_s", "end_s", "code"),
    [
        (-100, -1, None),
        (-100, 100, "needs_review"),
        (1, 100, "key_revoked"),
    ],
    ids=["before", "straddling", "after"],
)
def test_retired_keys_statement_is_judged_by_its_window(
    met: Meeting, begin_s: int, end_s: int, code: str | None
):
    statement = read_envelope(met.phone.state("correction", {met.handle: 2})["envelope"]).statement
    retire(met)
    with met.mall.reading():
        device = accounts.device(met.dina.kid)
        assert device is not None
        assert device.retired_at is not None
        heard = Heard(statement, device, {}, device.retired_at + timedelta(seconds=end_s))
        begin = device.retired_at + timedelta(seconds=begin_s)

        refusal = key_refusal(device, replace(heard, not_before=begin))

    assert (refusal.code if refusal else None) == code
