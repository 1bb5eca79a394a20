"""Scanning the phone of a carrier who drives with us: whom a counter believes."""

from datetime import timedelta

import pytest

from app import clock, keys
from app.accounts import devices
from app.accounts import queries as accounts
from app.domain import tokens
from app.handoffs import visits
from tests.devices import presence_of, tablet_of
from tests.factories import Mall
from tests.inbound import at_another_desk, brings, label, opened, receipts
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


def test_same_code_again_is_the_same_visit(hanna: Clerk, dora: Driver):
    text = brings(dora, hanna)

    first, again = (hanna.post("visits", text=text).get_json()["result"] for _ in range(2))

    assert first == again
    assert len(receipts(dora)) == 1


def test_phone_that_stays_in_the_picture_is_one_visit(hub: Mall, hanna: Clerk, dora: Driver):
    first, again = (opened(dora, hanna) for _ in range(2))
    with hub.writing():
        (found,) = visits.visits_of_driver(dora.person_id, limit=2)
        found.visit.opened_at -= timedelta(minutes=16)

    later = opened(dora, hanna)

    assert first == again != later
    assert [each["is_open"] for each in receipts(dora)] == [True, False]


def scanned_before(hanna: Clerk, text: str, *, minutes: int) -> str:
    """Let a code come in that the desk has kept without signal; return the visit."""
    at = clock.now() - timedelta(minutes=minutes)
    answer = hanna.post("visits", text=text, occurred_at=at.isoformat())
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()["result"]["visit_id"]


def test_code_that_was_kept_without_signal_opens_its_visit_late(
    hub: Mall, hanna: Clerk, dora: Driver
):
    delivery_id = hub.places(parcel_count=1)
    shown_at = clock.now() - timedelta(minutes=50)
    text = brings(dora, hanna, iat=int(shown_at.timestamp()))
    visit_id = scanned_before(hanna, text, minutes=50)

    answer = hanna.post(
        f"parcels/{delivery_id}/1/take-in",
        text=label(hub, delivery_id),
        visit_id=visit_id,
        occurred_at=(clock.now() - timedelta(minutes=45)).isoformat(),
    )

    assert answer.get_json()["result"] == {"level": "E2"}
    assert hanna.state()["visit"] is None
    (receipt,) = receipts(dora)
    assert (receipt["id"], receipt["is_open"], receipt["parcel_count"]) == (visit_id, False, 1)


def test_code_that_was_kept_ends_nobodys_visit_who_came_later(
    hanna: Clerk, dora: Driver, henry: Driver
):
    here = opened(henry, hanna)
    shown_at = clock.now() - timedelta(minutes=5)

    scanned_before(hanna, brings(dora, hanna, iat=int(shown_at.timestamp())), minutes=5)

    assert hanna.state()["visit"]["id"] == here
    assert [each["is_open"] for each in receipts(dora)] == [False]


def test_nobody_gives_a_visit_the_name_of_another(hub: Mall, hanna: Clerk, dora: Driver):
    visit_id = opened(dora, hanna)
    other = at_another_desk(hub)

    answer = other.post("visits", text=brings(dora, other), command_id=visit_id)

    assert code_of(answer) == "command_id_reused"


def test_code_counts_once(hanna: Clerk, dora: Driver):
    text = brings(dora, hanna)
    visit_id = hanna.post("visits", text=text).get_json()["result"]["visit_id"]
    hanna.post(f"visits/{visit_id}/end")

    assert code_of(hanna.post("visits", text=text)) == "driver_code_used"


def test_code_that_another_desk_has_scanned_is_used(hub: Mall, hanna: Clerk, dora: Driver):
    other = at_another_desk(hub)
    text = brings(dora, hanna)
    hanna.post("visits", text=text)

    assert other.kid != hanna.kid
    assert code_of(other.post("visits", text=text)) == "driver_code_used"


def forged(dora: Driver, hanna: Clerk) -> str:
    token, key = tokens.parse(brings(dora, hanna)).token, keys.new_private_key()
    return tokens.encode(token, keys.sign_es256(key, tokens.signed_bytes(token)))


def test_refusals_name_what_is_wrong(hub: Mall, hanna: Clerk, dora: Driver):
    now = int(clock.now().timestamp())
    handle = hub.delivery(hub.places(parcel_count=1)).handle
    texts = {
        "driver_code_not_ours": "https://example.com/",
        "carrier_code_damaged": "MP1:ABC",
        "wrong_code_kind": label(hub, hub.places(parcel_count=1)),
        "driver_code_old": brings(dora, hanna, iat=now - 75),
        "code_from_future": brings(dora, hanna, iat=now + 45),
        "carrier_elsewhere": presence_of(dora, hub.other_store.number, []),
        "carrier_collects": presence_of(dora, hanna.counter.number, [handle]),
        "carrier_phone_unknown": brings(dora, hanna, kid=1),
    }

    answers = {code: hanna.post("visits", text=text) for code, text in texts.items()}

    assert {code: code_of(each) for code, each in answers.items()} == {code: code for code in texts}
    assert code_of(hanna.post("visits", text=forged(dora, hanna))) == "carrier_code_damaged"
    assert receipts(dora) == []


def test_code_that_a_tablet_has_signed_is_no_phones(hanna: Clerk, dora: Driver):
    token = tokens.parse(brings(dora, hanna, kid=hanna.kid)).token
    text = tokens.encode(token, keys.sign_es256(hanna.key, tokens.signed_bytes(token)))

    assert code_of(hanna.post("visits", text=text)) == "carrier_phone_unknown"


def test_retired_phone_opens_nothing(hub: Mall, hanna: Clerk, dora: Driver):
    with hub.writing():
        devices.retire_phone(dora.person_id, now=clock.now())

    assert code_of(hanna.post("visits", text=brings(dora, hanna))) == "carrier_phone_unknown"


@pytest.mark.parametrize("how", ["not approved", "ended"])
def test_driver_who_may_not_drive_opens_nothing(hub: Mall, hanna: Clerk, dora: Driver, how: str):
    with hub.writing():
        found = accounts.driver_at_work(dora.person_id)
        assert found is not None
        if how == "ended":
            found.person.disabled_at = clock.now()
        else:
            found.driver.is_approved = False

    assert code_of(hanna.post("visits", text=brings(dora, hanna))) == "carrier_not_approved"


def test_mall_takes_no_carriers(carl: Clerk, dora: Driver):
    assert code_of(carl.post("visits", text=brings(dora, carl))) == "no_carriers_here"


def test_carriers_code_is_no_proof_of_a_handover(hub: Mall, hanna: Clerk, henry: Driver):
    """What says "I take nothing away" must not show that somebody took something away."""
    row = hub.delivery(hub.places(parcel_count=1))
    evidence = [{"kind": "presence", "text": brings(henry, hanna)}]
    tablet = tablet_of(hanna)

    (result,) = tablet.results(tablet.state("handoff.released", {row.handle: 1}, evidence=evidence))

    assert (result["outcome"], result["code"]) == ("rejected", "carrier_brings")
