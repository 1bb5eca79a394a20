"""What is packed, what is not after all, and a driver who goes without what is not ready."""

from datetime import timedelta

import pytest

from app import clock
from app.domain.events import EventType
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.journeys import claimed, collected
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


def packed(carl: Clerk, delivery_id: str) -> None:
    assert carl.post(f"deliveries/{delivery_id}/pack").status_code == 200


def unpack(carl: Clerk, delivery_id: str):
    return carl.post(f"deliveries/{delivery_id}/unpack")


def keep_back(carl: Clerk, delivery_id: str):
    return carl.post(f"deliveries/{delivery_id}/keep-back")


class TestUnpacking:
    def test_entry_is_to_pack_again(self, mall: Mall, carl: Clerk):
        delivery_id = mall.places()
        packed(carl, delivery_id)

        state = unpack(carl, delivery_id).get_json()["state"]

        assert ([delivery_id], []) == ([row["id"] for row in state["to_pack"]], state["ready"])
        assert mall.delivery(delivery_id).status == "created"

    def test_twice_is_once_and_packing_goes_on(self, mall: Mall, carl: Clerk):
        delivery_id = mall.places()
        packed(carl, delivery_id)

        answers = [unpack(carl, delivery_id) for _ in range(2)]
        packed(carl, delivery_id)

        assert [answer.status_code for answer in answers] == [200, 200]
        mine = [kind for kind in mall.events(delivery_id) if kind.endswith("packed")]
        assert mine == ["delivery.packed", "delivery.unpacked", "delivery.packed"]
        assert mall.delivery(delivery_id).status == "ready_for_pickup"

    def test_driver_stays_on_the_way(self, mall: Mall, dina: Driver, carl: Clerk):
        row = mall.only_delivery(claimed(dina))
        packed(carl, row.id)

        unpack(carl, row.id)

        (coming,) = carl.state()["arriving"]
        assert [each["packed"] for each in coming["deliveries"]] == [False]
        assert mall.delivery(row.id).status == "enroute_to_pickup"

    def test_what_the_driver_has_is_not_unpacked(self, mall: Mall, dina: Driver, carl: Clerk):
        row = mall.only_delivery(collected(dina, carl))

        refused = unpack(carl, row.id)

        assert (refused.status_code, code_of(refused)) == (409, "delivery_closed")

    def test_customer_reads_that_it_is_being_packed(self, mall: Mall, carl: Clerk):
        delivery_id = mall.places()
        packed(carl, delivery_id)
        unpack(carl, delivery_id)

        state = mall.app.test_client().get(f"{mall.link(delivery_id)}/state").get_json()

        assert "is packing" in state["sentence"]
        assert state["timeline"][-1]["text"] == "Not packed yet after all"


class TestKeepingBack:
    def test_driver_goes_on_with_the_rest(self, mall: Mall, dina: Driver, carl: Clerk):
        run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
        going, kept = mall.deliveries_of(run_id)
        packed(carl, kept.id)
        dina.collect(carl.sign(carl.release(dina, handles_of([going]))))

        answer = keep_back(carl, kept.id)

        assert answer.status_code == 200
        assert (mall.run(run_id).status, mall.run(run_id).driver_id) == (
            "delivering",
            dina.person_id,
        )
        assert [row.id for row in mall.deliveries_of(run_id)] == [going.id]
        assert len(dina.stops("dropoff")) == 1
        assert [row["id"] for row in answer.get_json()["state"]["to_pack"]] == [kept.id]

    def test_it_waits_for_another_driver_with_more_time(
        self, mall: Mall, dina: Driver, dan: Driver, carl: Clerk
    ):
        _, kept = mall.deliveries_of(claimed(dina, {}, {"merchant_ref": "A-2"}))

        keep_back(carl, kept.id)
        mall.forms_runs()

        left = mall.delivery(kept.id)
        assert (left.status, left.packed_at) == ("created", None)
        assert left.ready_at > clock.now() + timedelta(minutes=15)
        assert mall.facts(kept.id, EventType.RUN_RELEASED)["reason"] == "store_not_ready"
        assert dan.claim(left.run_id).status_code == 200

    def test_pay_of_the_driver_stays_and_the_tip_goes(self, mall: Mall, dina: Driver, carl: Clerk):
        run_id = claimed(dina, {}, {"merchant_ref": "A-2", "tip_minor": 500})
        before = {line["kind"]: line["amount_minor"] for line in dina.state()["run"]["pay"]}
        kept = next(row for row in mall.deliveries_of(run_id) if row.tip_minor)

        keep_back(carl, kept.id)

        lines = dina.state()["run"]["pay"]
        assert sum(line["amount_minor"] for line in lines if line["kind"] == "tip") == 0
        assert {line["kind"]: line["amount_minor"] for line in lines if line["kind"] != "tip"} == {
            kind: amount for kind, amount in before.items() if kind != "tip"
        }

    def test_code_that_was_shown_before_does_not_take_it_along(
        self, mall: Mall, dina: Driver, carl: Clerk
    ):
        run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
        going, kept = mall.deliveries_of(run_id)
        shown_before = carl.shows(dina, run_id)
        keep_back(carl, kept.id)

        refused = dina.collect(shown_before)
        taken = dina.collect(carl.shows(dina, run_id))

        assert (refused.status_code, code_of(refused)) == (409, "other_delivery")
        assert taken.status_code == 200
        assert [mall.delivery(each.id).status for each in (going, kept)] == [
            "enroute_to_dropoff",
            "created",
        ]

    def test_phone_without_signal_that_scanned_it_before_keeps_it(
        self, mall: Mall, dina: Driver, carl: Clerk
    ):
        run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
        rows = mall.deliveries_of(run_id)
        shown_before = carl.shows(dina, run_id)
        keep_back(carl, rows[1].id)

        (result,) = phone_of(dina).results(
            picked_up(phone_of(dina), shown_before, handles_of(rows))
        )

        assert result["outcome"] == "applied"
        assert [mall.delivery(each.id).status for each in rows] == ["enroute_to_dropoff"] * 2
        assert {mall.delivery(each.id).run_id for each in rows} == {run_id}

    def test_twice_is_refused_kindly(self, mall: Mall, dina: Driver, carl: Clerk):
        _, kept = mall.deliveries_of(claimed(dina, {}, {"merchant_ref": "A-2"}))
        keep_back(carl, kept.id)

        refused = keep_back(carl, kept.id)

        assert (refused.status_code, code_of(refused)) == (409, "run_not_held")

    def test_only_delivery_of_a_run_stays(self, mall: Mall, dina: Driver, carl: Clerk):
        row = mall.only_delivery(claimed(dina))

        refused = keep_back(carl, row.id)

        assert (refused.status_code, code_of(refused)) == (409, "only_delivery_of_run")
        assert mall.delivery(row.id).status == "enroute_to_pickup"

    def test_what_waits_for_a_driver_or_has_left_stays(self, mall: Mall, dina: Driver, carl: Clerk):
        gone = mall.only_delivery(collected(dina, carl))

        waiting, refused = keep_back(carl, mall.places()), keep_back(carl, gone.id)

        assert [code_of(waiting), code_of(refused)] == ["run_not_held", "delivery_closed"]

    def test_other_stores_clerk_finds_nothing(self, mall: Mall, dina: Driver, mallory: Clerk):
        _, kept = mall.deliveries_of(claimed(dina, {}, {"merchant_ref": "A-2"}))

        answers = [keep_back(mallory, kept.id), unpack(mallory, kept.id)]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert mall.delivery(kept.id).status == "enroute_to_pickup"
