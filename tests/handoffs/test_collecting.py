"""Collecting by the tablet's code: what holds, and every way in which it does not."""

from datetime import timedelta

import pytest

from app import clock, keys
from app.accounts import devices
from app.domain.tokens import MAX_CODE_CHARACTERS, encode_label
from app.sites import service as sites
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


def test_code_for_all_moves_everything_to_the_driver(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina, {"parcel_count": 2}, {"parcel_count": 1})

    answer = dina.collect(carl.shows(dina, run_id))

    assert answer.get_json()["result"] == {"parcel_count": 3, "level": "E2"}
    rows = mall.deliveries_of(run_id)
    assert {row.status for row in rows} == {"enroute_to_dropoff"}
    assert [mall.holders(row.id) for row in rows] == [{("driver", dina.person_id)}] * 2
    assert mall.run(run_id).status == "delivering"


def test_code_for_some_leaves_the_stop_open_for_the_rest(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
    first, second = mall.deliveries_of(run_id)
    text = carl.sign(carl.release(dina, handles_of([first])))

    answer = dina.collect(text)

    assert answer.get_json()["result"]["parcel_count"] == first.parcel_count
    assert mall.run(run_id).status == "collecting"
    assert mall.delivery(first.id).status == "picked_up"
    assert mall.holders(second.id) == {("store", mall.store.store_id)}
    assert len(dina.stops("pickup")) == 1


def test_second_code_for_the_rest_starts_the_way(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
    first, second = mall.deliveries_of(run_id)
    dina.collect(carl.sign(carl.release(dina, handles_of([first]))))

    dina.collect(carl.sign(carl.release(dina, handles_of([second]))))

    assert mall.run(run_id).status == "delivering"
    assert {row.status for row in mall.deliveries_of(run_id)} == {"enroute_to_dropoff"}


def test_way_starts_when_the_last_store_was_collected(
    mall: Mall, dina: Driver, carl: Clerk, mallory: Clerk
):
    mall.places()
    mall.places(mall.other_store)
    (run_id,) = mall.forms_runs()
    dina.claim(run_id)
    stops = {stop["store"]["name"]: stop for stop in dina.stops("pickup")}
    dina.collect(carl.shows(dina, run_id), stop=stops["Lumen"])
    before = mall.run(run_id).status

    dina.collect(mallory.shows(dina, run_id), stop=stops["Orbit"])

    assert (before, mall.run(run_id).status) == ("collecting", "delivering")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://example.com/menu", "code_not_ours"),
        ("", "code_not_ours"),
        ("MP1:" + "A" * MAX_CODE_CHARACTERS, "code_too_long"),
        ("MP1:ABC", "code_damaged"),
        ("MP1:\x00\x00", "code_damaged"),
    ],
)
def test_text_that_is_no_code_is_refused(dina: Driver, text: str, code: str):
    claimed(dina)

    assert code_of(dina.collect(text)) == code


def test_code_cut_short_is_damaged(dina: Driver, carl: Clerk):
    text = carl.shows(dina, claimed(dina))

    assert code_of(dina.collect(text[:-12])) == "code_damaged"


def test_code_of_another_kind_is_refused(mall: Mall, dina: Driver):
    (row,) = mall.deliveries_of(claimed(dina))
    text = encode_label(row.handle, 1, row.parcel_count, mall.keys.mac("label"))

    assert code_of(dina.collect(text)) == "wrong_code_kind"


def test_code_signed_by_a_phone_is_refused(dina: Driver, carl: Clerk, dan: Driver):
    run_id = claimed(dina)
    text = carl.sign(carl.release(dina, handles_of(dina.mall.deliveries_of(run_id)), kid=dan.kid))

    assert code_of(dina.collect(text)) == "wrong_role"


def test_code_signed_with_another_key_is_refused(dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    release = carl.release(dina, handles_of(dina.mall.deliveries_of(run_id)))

    text = carl.sign(release, keys.new_private_key())

    assert code_of(dina.collect(text)) == "bad_signature"


def test_code_of_an_unknown_tablet_is_refused(dina: Driver, carl: Clerk):
    run_id = claimed(dina)

    assert code_of(dina.collect(carl.shows(dina, run_id, kid=carl.kid ^ 1))) == "unknown_desk"


def test_code_of_a_retired_tablet_is_refused(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    with mall.writing():
        devices.retire_desk_device(mall.store.desk_id, now=clock.now())

    assert code_of(dina.collect(carl.shows(dina, run_id))) == "unknown_desk"


def test_code_of_a_removed_desk_is_refused(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    with mall.writing():
        sites.remove_desk(mall.store.desk_id, now=clock.now())

    assert code_of(dina.collect(carl.shows(dina, run_id))) == "unknown_desk"


def test_code_of_another_store_is_refused(dina: Driver, mallory: Clerk):
    run_id = claimed(dina)
    text = mallory.sign(mallory.release(dina, handles_of(dina.mall.deliveries_of(run_id))))

    refused = dina.collect(text)

    assert code_of(refused) == "other_store"
    assert refused.get_json()["store_name"] == "Lumen"


def test_code_for_another_driver_is_refused(dina: Driver, dan: Driver, carl: Clerk):
    text = carl.shows(dan, claimed(dina))

    assert code_of(dina.collect(text)) == "not_addressee"


def test_code_for_another_driver_is_refused_after_an_upload_too(
    dina: Driver, dan: Driver, carl: Clerk
):
    text = carl.shows(dan, claimed(dina))

    with clock.frozen(clock.now() + timedelta(hours=1)):
        an_hour_ago = (clock.now() - timedelta(hours=1)).isoformat()
        assert code_of(dina.collect(text, occurred_at=an_hour_ago)) == "not_addressee"


def test_code_for_a_delivery_outside_the_run_is_refused(mall: Mall, dina: Driver, carl: Clerk):
    claimed(dina)
    other = mall.delivery(mall.places())

    text = carl.sign(carl.release(dina, handles_of([other])))

    assert code_of(dina.collect(text)) == "other_delivery"


def test_other_number_of_parcels_is_refused(dina: Driver, carl: Clerk):
    (row,) = dina.mall.deliveries_of(claimed(dina))

    refused = dina.collect(carl.sign(carl.release(dina, {row.handle: 3})))

    assert code_of(refused) == "parcel_count_differs"
    assert (refused.get_json()["theirs"], refused.get_json()["ours"]) == (3, 2)


@pytest.mark.parametrize(("age_s", "code"), [(70, "stale_code"), (-40, "code_from_future")])
def test_code_of_another_time_is_refused(dina: Driver, carl: Clerk, age_s: int, code: str):
    run_id = claimed(dina)
    shown = int(clock.now().timestamp()) - age_s

    assert code_of(dina.collect(carl.shows(dina, run_id, iat=shown))) == code


def test_code_scanned_without_signal_is_taken_hours_later(dina: Driver, carl: Clerk):
    run_id, scanned_at = claimed(dina), clock.now()
    text = carl.shows(dina, run_id)

    with clock.frozen(scanned_at + timedelta(hours=3)):
        answer = dina.collect(text, occurred_at=scanned_at.isoformat())

    assert answer.status_code == 200
    row = dina.mall.deliveries_of(run_id)[0]
    assert abs(row.picked_up_at - scanned_at) < timedelta(seconds=1)


def test_code_is_taken_once(dina: Driver, carl: Clerk):
    run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
    (stop,) = dina.stops("pickup")
    text = carl.sign(carl.release(dina, handles_of(dina.mall.deliveries_of(run_id)[:1])))
    dina.collect(text)

    assert code_of(dina.collect(text, stop=stop)) == "already_used"


def test_code_for_a_cancelled_delivery_is_refused(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
    text = carl.shows(dina, run_id)
    carl.post(f"deliveries/{mall.deliveries_of(run_id)[0].id}/cancel", reason="Broken")

    assert code_of(dina.collect(text)) == "delivery_cancelled"
    assert {row.status for row in mall.deliveries_of(run_id)} == {"cancelled", "enroute_to_pickup"}


def test_refused_code_changes_nothing(mall: Mall, dina: Driver, dan: Driver, carl: Clerk):
    run_id = claimed(dina)
    before = mall.deliveries_of(run_id)

    dina.collect(carl.shows(dan, run_id))

    assert mall.deliveries_of(run_id) == before
    assert mall.holders(before[0].id) == {("store", mall.store.store_id)}


def test_driver_of_an_older_claim_is_told(dina: Driver, carl: Clerk):
    run_id = claimed(dina)

    assert code_of(dina.collect(carl.shows(dina, run_id), epoch=7)) == "run_reassigned"


def test_stop_that_is_no_pickup_takes_no_release(dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    (door,) = dina.stops("dropoff")

    refused = dina.collect(carl.shows(dina, run_id), stop=door)

    assert code_of(refused) == "wrong_code_kind"


def test_stop_of_another_driver_is_not_found(dina: Driver, dan: Driver, carl: Clerk):
    run_id = claimed(dina)
    (stop,) = dina.stops("pickup")

    assert code_of(dan.collect(carl.shows(dan, run_id), stop=stop)) == "not_found"
