"""Test mode: a delivery of nobody goes through any outcome, by the commands of real people."""

from datetime import timedelta

import pytest

from app import clock
from app.jobs.handlers import HANDLERS
from app.jobs.worker import run_due
from tests.api.conftest import ordered
from tests.factories import Mall
from tests.merchants import Program
from tests.personas import code_of

OUTCOMES = [
    "ready_for_pickup",
    "enroute_to_pickup",
    "arrived_at_pickup",
    "enroute_to_dropoff",
    "arrived_at_dropoff",
    "delivered",
    "enroute_to_return",
    "returned",
    "cancelled",
    "lost",
]


def walks(mall: Mall, trial: Program, delivery_id: str, outcome: str) -> str:
    """Let the walk go on to its end; return where the delivery stands."""
    body = {"outcome": outcome, "pace_s": 1}
    assert trial.post(f"deliveries/{delivery_id}/simulate", body).status_code == 202
    for second in range(1, 30):
        with mall.app.app_context(), clock.frozen(clock.now() + timedelta(seconds=second)):
            run_due(HANDLERS, limit=1_000)
    return trial.get(f"deliveries/{delivery_id}").get_json()["status"]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_delivery_reaches_any_outcome(mall: Mall, trial: Program, outcome: str):
    made = ordered(trial, proof="photo")["id"]

    assert walks(mall, trial, made, outcome) == outcome


def test_delivered_one_has_proof_and_custody(mall: Mall, trial: Program):
    made = ordered(trial, proof="photo")["id"]
    walks(mall, trial, made, "delivered")

    photo = trial.get(f"deliveries/{made}/proof.jpg")
    custody = trial.get(f"deliveries/{made}/custody").get_json()
    proof = trial.get(f"deliveries/{made}/custody/proof").get_json()

    assert (photo.status_code, photo.mimetype) == (200, "image/jpeg")
    hands = [(hand["giver"], hand["taker"]) for hand in custody["hands"]]
    assert hands == [("store", "driver"), ("driver", "customer")]
    assert {parcel["holder"] for parcel in custody["parcels"]} == {"customer"}
    assert custody["head"] == proof["events"][-1]["head"]


def test_walk_may_go_on_from_where_another_stopped(mall: Mall, trial: Program):
    made = ordered(trial)["id"]

    steps = [walks(mall, trial, made, each) for each in ("arrived_at_pickup", "returned")]

    assert steps == ["arrived_at_pickup", "returned"]
    answer = trial.post(f"deliveries/{made}/simulate", {"outcome": "delivered"})
    assert code_of(answer) == "delivery_closed"


def test_deliveries_of_one_test_mall_walk_apart(mall: Mall, trial: Program):
    first, second = ordered(trial)["id"], ordered(trial)["id"]

    assert walks(mall, trial, first, "delivered") == "delivered"
    assert trial.get(f"deliveries/{second}").get_json()["status"] == "created"


def test_real_deliveries_are_not_simulated(shop: Program):
    made = ordered(shop)["id"]

    answer = shop.post(f"deliveries/{made}/simulate", {"outcome": "delivered"})

    assert (answer.status_code, code_of(answer)) == (409, "test_mode_only")


def test_test_mode_is_seen_by_nobody_else(mall: Mall, shop: Program, trial: Program):
    made = ordered(trial)["id"]
    walks(mall, trial, made, "enroute_to_dropoff")

    assert shop.get(f"deliveries/{made}").status_code == 404
    assert shop.get("deliveries").get_json()["deliveries"] == []


def test_labels_come_as_pdf_and_picture(trial: Program):
    made = ordered(trial, parcel_count=2)["id"]

    pdf = trial.get(f"deliveries/{made}/label.pdf")
    picture = trial.get(f"deliveries/{made}/label.png?parcel=2")

    assert pdf.data.startswith(b"%PDF")
    assert picture.data.startswith(b"\x89PNG")
    assert trial.get(f"deliveries/{made}/label.png?parcel=3").status_code == 404
