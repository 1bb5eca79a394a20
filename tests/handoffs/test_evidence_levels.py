"""How strong the evidence of a collection is: E0 by word, E2 by code, E3 when both sides say so."""

import os
from datetime import timedelta

import pytest

from app import clock
from app.handoffs.evidence import SHORT_CODE_LIFE
from tests.devices import released, tablet_of
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


def level(mall: Mall, run_id: str) -> str:
    (found,) = {row.verification for row in mall.deliveries_of(run_id)}
    return found


def shown(carl: Clerk, dina: Driver, run_id: str) -> str:
    """Show a code on the tablet while it has signal; return the short code."""
    answer = carl.post("releases", run_id=run_id, token=carl.shows(dina, run_id))
    return answer.get_json()["result"]["short_code"]


def test_word_of_the_driver_is_e0_and_is_looked_at(mall: Mall, dina: Driver):
    run_id = claimed(dina)

    answer = dina.collect("The tablet is broken", "assertion")

    assert answer.get_json()["result"]["level"] == "E0"
    row = mall.only_delivery(run_id)
    assert (row.status, row.is_verification_pending) == ("enroute_to_dropoff", True)


def test_code_is_e2_and_nobody_needs_to_look(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)

    dina.collect(carl.shows(dina, run_id))

    assert level(mall, run_id) == "E2"
    assert not mall.deliveries_of(run_id)[0].is_verification_pending


def test_given_after_the_scan_makes_it_e3(mall: Mall, dina: Driver, carl: Clerk):
    run_id, nonce = claimed(dina), os.urandom(8)
    dina.collect(carl.shows(dina, run_id, nonce=nonce))

    assert carl.give(run_id, nonce).status_code == 200
    assert level(mall, run_id) == "E3"


def test_given_before_the_scan_makes_it_e3(mall: Mall, dina: Driver, carl: Clerk):
    run_id, nonce = claimed(dina), os.urandom(8)
    text = carl.shows(dina, run_id, nonce=nonce)
    carl.give(run_id, os.urandom(8), nonce)

    dina.collect(text)

    assert level(mall, run_id) == "E3"


def test_given_alone_moves_nothing(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)

    carl.give(run_id, os.urandom(8))

    row = mall.only_delivery(run_id)
    assert (row.status, row.verification) == ("enroute_to_pickup", None)
    assert mall.holders(row.id) == {("store", mall.store.store_id)}


def test_given_with_other_codes_stays_e2(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    dina.collect(carl.shows(dina, run_id))

    carl.give(run_id, os.urandom(8))

    assert level(mall, run_id) == "E2"


def test_given_by_another_store_is_refused(mall: Mall, dina: Driver, carl: Clerk, mallory: Clerk):
    run_id, nonce = claimed(dina), os.urandom(8)
    dina.collect(carl.shows(dina, run_id, nonce=nonce))
    ids = [row.id for row in mall.deliveries_of(run_id)]

    refused = mallory.post("handovers", run_id=run_id, delivery_ids=ids, nonces=[nonce.hex()])

    assert code_of(refused) == "not_found"
    assert level(mall, run_id) == "E2"


def test_short_code_is_e0(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    code = shown(carl, dina, run_id)

    answer = dina.collect(f"{code[:3]} {code[3:].lower()}", "short_code")

    assert answer.get_json()["result"]["level"] == "E0"
    assert level(mall, run_id) == "E0"


def test_given_names_the_driver_who_typed_but_stays_e0(mall: Mall, dina: Driver, carl: Clerk):
    run_id, nonce = claimed(dina), os.urandom(8)
    text = carl.shows(dina, run_id, nonce=nonce)
    code = carl.post("releases", run_id=run_id, token=text).get_json()["result"]["short_code"]
    dina.collect(code, "short_code")

    carl.give(run_id, nonce)

    assert level(mall, run_id) == "E0"


def test_short_code_stays_e0_when_the_tablets_signed_word_names_it(
    mall: Mall, dina: Driver, carl: Clerk
):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    nonce = os.urandom(8)
    text = carl.shows(dina, run_id, nonce=nonce)
    code = carl.post("releases", run_id=run_id, token=text).get_json()["result"]["short_code"]
    dina.collect(code, "short_code")

    tablet = tablet_of(carl)
    tablet.results(released(tablet, [nonce], {row.handle: row.parcel_count}))

    assert mall.delivery(row.id).verification == "E0"


def test_short_code_that_nobody_shows_is_unknown(dina: Driver):
    claimed(dina)

    assert code_of(dina.collect("ABC123", "short_code")) == "short_code_unknown"


def test_short_code_shown_to_another_driver_is_unknown(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk
):
    first, second = mall.offers_two()
    dina.claim(first)
    dan.claim(second)
    code = shown(carl, dan, second)

    assert code_of(dina.collect(code, "short_code")) == "short_code_unknown"


def test_short_code_runs_out(dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    code = shown(carl, dina, run_id)

    with clock.frozen(clock.now() + SHORT_CODE_LIFE + timedelta(seconds=2)):
        assert code_of(dina.collect(code, "short_code")) == "short_code_unknown"


def test_short_code_and_its_scan_count_once(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
    (stop,) = dina.stops("pickup")
    text = carl.sign(carl.release(dina, handles_of(mall.deliveries_of(run_id)[:1])))
    code = carl.post("releases", run_id=run_id, token=text).get_json()["result"]["short_code"]
    dina.collect(code, "short_code")

    assert code_of(dina.collect(text, stop=stop)) == "already_used"


def test_tablet_shows_codes_of_its_own_only(dina: Driver, carl: Clerk, mallory: Clerk):
    run_id = claimed(dina)
    text = carl.shows(dina, run_id)

    refused = mallory.post("releases", run_id=run_id, token=text)

    assert code_of(refused) == "not_found"


def test_tablet_cannot_show_what_another_signed(dina: Driver, carl: Clerk, mallory: Clerk):
    run_id = claimed(dina)
    rows = dina.mall.deliveries_of(run_id)
    text = mallory.sign(mallory.release(dina, handles_of(rows)))

    assert code_of(carl.post("releases", run_id=run_id, token=text)) == "unknown_desk"


def test_tablet_cannot_show_a_forged_code(dina: Driver, carl: Clerk, mallory: Clerk):
    run_id = claimed(dina)
    release = carl.release(dina, handles_of(dina.mall.deliveries_of(run_id)))

    text = carl.sign(release, mallory.key)

    assert code_of(carl.post("releases", run_id=run_id, token=text)) == "bad_signature"
