"""The reverse handoff: the clerk scans the driver's phone, `P`, and tickets `T` if need be."""

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app import clock, keys
from app.accounts import devices
from app.domain import tokens
from app.web import roster
from tests.devices import Signer, phone_of, presence_of, tablet_of
from tests.factories import Mall
from tests.personas import Clerk, Driver
from tests.scenes import claimed_parcels, delivery_named, open_kinds, pass_on

pytestmark = pytest.mark.both_engines


@dataclass(frozen=True, slots=True)
class Meeting:
    """Dina shows her phone at Carl's counter; two parcels of one delivery are hers."""

    mall: Mall
    dina: Driver
    run_id: str
    parcels: dict[str, int]
    phone: Signer
    tablet: Signer

    @property
    def row(self) -> Any:
        return delivery_named(self.mall, next(iter(self.parcels)))

    def shows(self, **changes: Any) -> str:
        """Return what Dina's phone shows."""
        return presence_of(self.dina, self.mall.store.number, list(self.parcels), **changes)

    def give(self, *texts: str, **given: Any) -> dict[str, Any]:
        """Let the tablet state that it gave, on the codes that it scanned; return the result."""
        kinds = ("presence", *["ticket"] * (len(texts) - 1))
        evidence = [{"kind": kind, "text": text} for kind, text in zip(kinds, texts, strict=True)]
        parcels = given.pop("parcels", self.parcels)
        sent = self.tablet.state("handoff.released", parcels, evidence=evidence, **given)
        return self.tablet.results(sent)[0]


@pytest.fixture
def met(mall: Mall, dina: Driver, carl: Clerk) -> Meeting:
    run_id, parcels = claimed_parcels(dina)
    return Meeting(mall, dina, run_id, parcels, phone_of(dina), tablet_of(carl))


def test_scanned_phone_moves_custody(met: Meeting):
    result = met.give(met.shows())

    assert (result["outcome"], result["level"], result["flags"]) == ("applied", "E2", [])
    assert (met.row.status, met.row.verification) == ("enroute_to_dropoff", "E2")
    assert met.mall.holders(met.row.id) == {("driver", met.dina.person_id)}


@pytest.mark.parametrize("tablet_first", [False, True])
def test_both_sides_make_it_mutual(met: Meeting, *, tablet_first: bool):
    nonce = bytes.fromhex("00112233aabbccdd")
    text = met.shows(nonce=nonce)
    shown = ["ff" * 8, nonce.hex()]
    taken = met.phone.state(
        "handoff.picked_up", met.parcels, shown=shown, evidence=[{"kind": "assertion"}]
    )

    if tablet_first:
        met.give(text)
    met.phone.results(taken)
    if not tablet_first:
        met.give(text)

    assert (met.row.status, met.row.verification) == ("enroute_to_dropoff", "E3")
    assert not met.row.is_verification_pending


def test_phone_that_did_not_show_it_makes_it_no_better(met: Meeting):
    met.phone.results(met.phone.state("handoff.picked_up", met.parcels, shown=["ff" * 8]))

    met.give(met.shows())

    assert met.row.verification == "E2"


@pytest.mark.parametrize(
    ("age_s", "outcome", "flags"),
    [
        (60, "applied", []),
        (118, "applied", []),
        (125, "applied", ["stale_pair"]),
        (598, "applied", ["stale_pair"]),
        (605, "recorded", []),
        (-605, "recorded", []),
    ],
)
def test_times_are_judged_against_each_other(
    met: Meeting, age_s: int, outcome: str, flags: list[str]
):
    at = clock.now() - timedelta(hours=3)
    shown = at - timedelta(seconds=age_s)

    result = met.give(met.shows(iat=int(shown.timestamp())), at=at)

    assert (result["outcome"], result["flags"]) == (outcome, flags)
    is_for_a_person = outcome == "recorded"
    assert open_kinds(met.mall, met.row.id) == ({"needs_review": True} if is_for_a_person else {})


def test_clerk_who_taps_after_a_minute_need_not_scan_again(met: Meeting):
    shown = clock.now() - timedelta(seconds=100)

    assert met.give(met.shows(iat=int(shown.timestamp())))["outcome"] == "applied"


def test_phone_shown_at_another_store_is_refused(met: Meeting):
    text = presence_of(met.dina, met.mall.other_store.number, list(met.parcels))

    result = met.give(text)

    assert (result["outcome"], result["code"]) == ("rejected", "other_store")
    assert met.row.status == "enroute_to_pickup"


def test_phone_of_a_driver_who_never_claimed_it_is_refused(met: Meeting, dan: Driver):
    result = met.give(presence_of(dan, met.mall.store.number, list(met.parcels)))

    assert (result["outcome"], result["code"]) == ("rejected", "not_addressee")
    assert met.row.status == "enroute_to_pickup"


def test_code_signed_with_another_key_is_refused(met: Meeting):
    token = tokens.parse(met.shows()).token
    key = keys.new_private_key()

    result = met.give(tokens.encode(token, keys.sign_es256(key, tokens.signed_bytes(token))))

    assert (result["outcome"], result["code"]) == ("rejected", "bad_signature")


def test_tablets_own_code_is_no_presence(met: Meeting, carl: Clerk):
    result = met.give(carl.shows(met.dina, met.run_id))

    assert (result["outcome"], result["code"]) == ("rejected", "wrong_code_kind")


def test_phone_that_may_have_been_retired_before_is_for_a_person(met: Meeting):
    at = clock.now() - timedelta(hours=1)
    text = met.shows(iat=int(at.timestamp()))
    with met.mall.writing():
        devices.retire_phone(met.dina.person_id, now=clock.now())

    result = met.give(text, at=at)

    assert (result["outcome"], result["code"]) == ("recorded", "needs_review")
    assert open_kinds(met.mall, met.row.id) == {"needs_review": True}


def test_same_code_again_has_no_second_effect(met: Meeting):
    text = met.shows()
    met.give(text)

    again = met.give(text)

    assert (again["outcome"], again["code"]) == ("recorded", "duplicate_handoff")
    assert met.mall.events(met.row.id).count("handoff.released") == 1


def ticket_of(met: Meeting, **changes: Any) -> str:
    """Return Dina's ticket for her delivery, or one with changes that the server has signed."""
    (text,) = [each["text"] for each in met.dina.state()["run"]["tickets"]]
    token = dataclasses.replace(tokens.parse(text).token, **changes)
    return tokens.encode(token, met.mall.keys.sign(tokens.signed_bytes(token)))


def test_ticket_says_who_it_is_to_a_tablet_that_does_not_know(met: Meeting):
    result = met.give(met.shows(), ticket_of(met))

    assert (result["outcome"], result["level"], result["flags"]) == ("applied", "E2", [])


def test_part_of_what_the_phone_has_in_mind_is_flagged(met: Meeting):
    both = [*met.parcels, "00112233aabbccdd"]

    result = met.give(presence_of(met.dina, met.mall.store.number, both))

    assert (result["outcome"], result["flags"]) == ("applied", ["ticket_set_differs"])


def test_ticket_of_another_phone_is_refused(met: Meeting, dan: Driver):
    result = met.give(met.shows(), ticket_of(met, driver_kid=dan.kid))

    assert (result["outcome"], result["code"]) == ("rejected", "not_addressee")


def test_ticket_that_has_ended_is_refused(met: Meeting):
    ended = int(clock.now().timestamp()) - 5

    result = met.give(met.shows(), ticket_of(met, exp=ended))

    assert (result["outcome"], result["code"]) == ("rejected", "ticket_expired")


def test_ticket_that_the_server_did_not_sign_is_refused(met: Meeting):
    token = tokens.parse(ticket_of(met)).token
    forged = tokens.encode(token, keys.sign_es256(met.dina.key, tokens.signed_bytes(token)))

    result = met.give(met.shows(), forged)

    assert (result["outcome"], result["code"]) == ("rejected", "bad_signature")


def test_ticket_alone_proves_no_phone(met: Meeting):
    evidence = [{"kind": "ticket", "text": ticket_of(met)}]

    (result,) = met.tablet.results(
        met.tablet.state("handoff.released", met.parcels, evidence=evidence)
    )

    assert (result["outcome"], result["level"]) == ("applied", "E0")
    assert met.row.status == "enroute_to_pickup"


def test_scanned_phone_of_the_driver_before_beats_the_assignment(met: Meeting, dan: Driver):
    text = met.shows()
    pass_on(met.run_id, met.dina, dan)

    result = met.give(text)

    assert (result["outcome"], result["level"]) == ("applied", "E2")
    assert met.mall.holders(met.row.id) == {("driver", met.dina.person_id)}
    assert open_kinds(met.mall, met.row.id) == {"custody_beats_assignment": False}


def test_ticket_of_a_run_that_is_held_for_long_is_renewed(met: Meeting):
    row: Any = SimpleNamespace(handle="00112233aabbccdd", parcel_count=1)
    claimed = clock.now()

    def ends_after(hours: float) -> float:
        now = claimed + timedelta(hours=hours)
        with met.mall.app.app_context():
            text = roster.ticket(
                row, phone_kid=7, store_number=1, epoch=1, claimed_at=claimed, now=now
            )
        token = tokens.parse(text).token
        assert isinstance(token, tokens.Ticket)
        assert token.exp - token.iat == 24 * 3_600
        return (token.exp - int(claimed.timestamp())) / 3_600

    assert [ends_after(hours) for hours in (-1, 0, 11.9, 12, 30)] == [24, 24, 24, 36, 48]
