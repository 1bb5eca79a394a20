"""Handing over at the door: the evidence that the store asked for, and the end of the run."""

import re
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from app import clock
from app.domain.events import EventType
from app.domain.tokens import NO_ANCHOR, CustomerCode, encode, signed_bytes
from app.handoffs import queries as handoffs
from app.handoffs.models import Proof
from app.keys import SERVER_KID, new_private_key, sign_es256
from tests.factories import Mall
from tests.journeys import at_door, claimed, collected
from tests.personas import Clerk, Driver, code_of
from tests.scenes import pass_on

pytestmark = pytest.mark.both_engines


def customers_code(mall: Mall, delivery_id: str, **changes: object) -> str:
    """Return the code `C` as the server makes it for the tracking page."""
    row = mall.delivery(delivery_id)
    fields: dict[str, object] = {
        "kid": SERVER_KID,
        "iat": int(clock.now().timestamp()),
        "anchor": NO_ANCHOR,
        "nonce": bytes(8),
        "handle": row.handle,
        "exp": int(row.window_until.timestamp()) + 60,
        "flags": 0,
    }
    claims = CustomerCode(**fields | changes)  # pyright: ignore[reportArgumentType]
    return encode(claims, mall.keys.sign(signed_bytes(claims)))


def read_from(svg: str) -> str:
    """Paint the strokes of a code's SVG, `M{x} {y}h{width}v1h-{width}z`, and scan them."""
    strokes = re.findall(r"M(\d+) (\d+)h(\d+)v1h", svg)
    side = 4 * (8 + max(int(x) + int(width) for x, _, width in strokes))
    image = Image.new("L", (side, side), 255)
    draw = ImageDraw.Draw(image)
    for x, y, width in strokes:
        left, top = int(x) * 4, int(y) * 4
        draw.rectangle((left, top, left + int(width) * 4 - 1, top + 3), fill=0)
    (found,) = zxingcpp.read_barcodes(image)
    return found.text


def test_nothing_asked_nothing_shown(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl, proof="none")

    answer = dina.deliver(stop)

    assert answer.get_json()["result"] == {"level": "E0"}
    assert mall.delivery(stop["delivery"]["id"]).status == "delivered"


def test_last_delivery_finishes_the_run_and_gives_the_slot_back(
    mall: Mall, dina: Driver, carl: Clerk
):
    stop = at_door(dina, carl)

    state = dina.deliver(stop).get_json()["state"]

    assert state["run"] is None
    assert state["last_finished"]["delivered_count"] == 1
    assert dina.claim(mall.offers()).status_code == 200


def test_earnings_are_those_that_were_offered(mall: Mall, dina: Driver, carl: Clerk):
    mall.offers({"tip_minor": 500})
    (offer,) = dina.state()["offers"]
    dina.claim(offer["id"])
    dina.collect(carl.shows(dina, offer["id"]))
    dina.deliver(dina.stops("dropoff")[0])

    earned = dina.client.get("/driver/api/earnings").get_json()

    assert earned["total"] == offer["pay_total"]
    (run,) = earned["days"][0]["runs"]
    assert [line["amount_minor"] for line in run["pay"]][-1] == 500


def test_run_goes_on_while_a_door_is_left(mall: Mall, dina: Driver, carl: Clerk):
    run_id = collected(dina, carl, {}, {"merchant_ref": "A-2"})

    dina.deliver(dina.stops("dropoff")[0])

    assert mall.run(run_id).status == "delivering"
    assert len(dina.stops("dropoff")) == 1


@pytest.mark.parametrize(("wanted", "said"), [("photo", "a photo"), ("pin", "the customer's PIN")])
def test_missing_proof_is_refused(dina: Driver, carl: Clerk, wanted: str, said: str):
    stop = at_door(dina, carl, proof=wanted)

    refused = dina.deliver(stop)

    assert code_of(refused) == "proof_missing"
    assert said in refused.get_json()["detail"]


def test_photo_of_this_delivery_proves_it(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl, proof="photo")
    photo_id = dina.photograph(stop["delivery"]["id"]).get_json()["result"]["photo_id"]

    answer = dina.deliver(stop, "photo", photo_id=photo_id)

    assert answer.get_json()["result"] == {"level": "E1"}
    assert mall.delivery(stop["delivery"]["id"]).verification == "E1"


def test_photo_of_another_delivery_is_refused(dina: Driver, carl: Clerk):
    collected(dina, carl, {"proof": "photo"}, {"proof": "photo", "merchant_ref": "A-2"})
    first, second = dina.stops("dropoff")
    photo_id = dina.photograph(second["delivery"]["id"]).get_json()["result"]["photo_id"]

    assert code_of(dina.deliver(first, "photo", photo_id=photo_id)) == "proof_missing"


def test_photo_that_proves_one_handoff_proves_no_other(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl, proof="photo")
    delivery_id = stop["delivery"]["id"]
    photo_id = dina.photograph(delivery_id).get_json()["result"]["photo_id"]
    with mall.writing() as current:
        (pickup,) = handoffs.handoffs_of(delivery_id)
        current.get_one(Proof, photo_id).handoff_id = pickup.id

    assert code_of(dina.deliver(stop, "photo", photo_id=photo_id)) == "proof_missing"


def test_photo_of_the_driver_before_is_refused(mall: Mall, dan: Driver, dina: Driver, carl: Clerk):
    run_id = claimed(dan, {"proof": "photo"})
    taken = dan.photograph(mall.only_delivery(run_id).id).get_json()
    pass_on(run_id, dan, dina)
    assert dina.collect(carl.shows(dina, run_id), epoch=2).status_code == 200
    (stop,) = dina.stops("dropoff")

    refused = dina.deliver(stop, "photo", photo_id=taken["result"]["photo_id"], epoch=2)

    assert code_of(refused) == "proof_missing"


def test_refused_photo_leaves_no_file_behind(mall: Mall, dan: Driver, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl, proof="photo")
    folder = mall.app.extensions["mallrun_settings"].photo_dir
    before = {path for path in folder.rglob("*") if path.is_file()}

    refused = dan.photograph(stop["delivery"]["id"])

    assert refused.status_code == 404
    assert {path for path in folder.rglob("*") if path.is_file()} == before


def test_photo_is_taken_only_from_the_driver_who_carries(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk
):
    stop = at_door(dina, carl, proof="photo")
    waiting = mall.places()

    refusals = [dan.photograph(stop["delivery"]["id"]), dina.photograph(waiting)]

    assert [code_of(refused) for refused in refusals] == ["not_found"] * 2


def test_customers_code_is_better_than_anything_asked(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl, proof="photo")

    answer = dina.deliver(stop, "customer_code", text=customers_code(mall, stop["delivery"]["id"]))

    assert answer.get_json()["result"] == {"level": "E2"}


def test_code_on_the_tracking_page_is_the_one_that_counts(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl, proof="pin")
    page = mall.app.test_client().get(f"{mall.link(stop['delivery']['id'])}/code.svg")

    answer = dina.deliver(stop, "customer_code", text=read_from(page.text))

    assert answer.status_code == 200


def test_code_of_another_delivery_is_refused(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    text = customers_code(mall, mall.places())

    assert code_of(dina.deliver(stop, "customer_code", text=text)) == "other_delivery"


def test_code_cut_short_is_refused(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    text = customers_code(mall, stop["delivery"]["id"])

    assert code_of(dina.deliver(stop, "customer_code", text=text[:-6])) == "code_damaged"


def test_code_signed_by_somebody_else_is_refused(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    handle = mall.delivery(stop["delivery"]["id"]).handle
    claims = CustomerCode(
        kid=SERVER_KID, iat=1, anchor=NO_ANCHOR, nonce=bytes(8), handle=handle, exp=2**31, flags=0
    )
    text = encode(claims, sign_es256(new_private_key(), signed_bytes(claims)))

    assert code_of(dina.deliver(stop, "customer_code", text=text)) == "bad_signature"


def test_code_signed_by_a_tablet_is_refused(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    handle = mall.delivery(stop["delivery"]["id"]).handle
    claims = CustomerCode(
        kid=carl.kid, iat=1, anchor=NO_ANCHOR, nonce=bytes(8), handle=handle, exp=2**31, flags=0
    )
    text = encode(claims, sign_es256(carl.key, signed_bytes(claims)))

    assert code_of(dina.deliver(stop, "customer_code", text=text)) == "wrong_role"


def test_code_past_its_time_is_refused(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    past = int((clock.now() - timedelta(minutes=1)).timestamp())
    text = customers_code(mall, stop["delivery"]["id"], exp=past)

    assert code_of(dina.deliver(stop, "customer_code", text=text)) in {
        "stale_code",
        "customer_code_expired",
    }


def test_tablets_code_is_none_for_the_door(dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)

    text = carl.sign(carl.release(dina, {stop["delivery"]["handle"]: 2}))

    assert code_of(dina.deliver(stop, "customer_code", text=text)) == "wrong_code_kind"


def test_door_waits_until_everything_is_collected(dina: Driver):
    claimed(dina)
    (stop,) = dina.stops("dropoff")

    refusals = [dina.arrive(stop), dina.deliver(stop), dina.fail(stop)]

    assert [code_of(refused) for refused in refusals] == ["stop_not_next"] * 3


def test_door_is_closed_after_the_delivery(mall: Mall, dina: Driver, carl: Clerk):
    collected(dina, carl, {}, {"merchant_ref": "A-2"})
    first, _ = dina.stops("dropoff")
    dina.deliver(first)

    assert code_of(dina.deliver(first)) == "stop_closed"
    assert mall.events(first["delivery"]["id"]).count(EventType.HANDOFF_DELIVERED.value) == 1


def test_door_of_another_driver_is_not_found(dina: Driver, dan: Driver, carl: Clerk):
    stop = at_door(dina, carl)

    assert code_of(dan.deliver(stop)) == "not_found"


def test_arriving_twice_is_once(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)

    assert dina.arrive(stop).status_code == 200
    arrived = mall.events(stop["delivery"]["id"]).count(EventType.STOP_ARRIVED.value)
    assert arrived == 1


def test_store_that_cancels_while_the_driver_collects(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
    first, second = mall.deliveries_of(run_id)
    dina.collect(carl.sign(carl.release(dina, {first.handle: 2})))

    answer = carl.post(f"deliveries/{second.id}/cancel", reason="Broken")

    assert answer.status_code == 200
    assert mall.run(run_id).status == "delivering"
    assert [stop["delivery"]["id"] for stop in dina.stops("dropoff")] == [first.id]


def test_store_cannot_cancel_what_is_collected(mall: Mall, dina: Driver, carl: Clerk):
    (row,) = mall.deliveries_of(collected(dina, carl))

    refused = carl.post(f"deliveries/{row.id}/cancel", reason="Broken")

    assert code_of(refused) == "delivery_not_cancellable"
