"""The custody of a real walk as an EPCIS document, for the merchant alone."""

from app.domain.api_key import Scope
from tests import merchants
from tests.api.conftest import ordered
from tests.api.ordering import CLEO, DOOR
from tests.api.test_simulator import walks
from tests.epcis import complaints
from tests.factories import Mall
from tests.merchants import Program
from tests.personas import code_of


def test_walk_to_the_door_is_a_valid_document_that_names_nobody(mall: Mall, trial: Program):
    made = ordered(trial, proof="photo")
    assert walks(mall, trial, made["id"], "delivered") == "delivered"

    answer = trial.get(f"deliveries/{made['id']}/epcis")

    document = answer.get_json(force=True)
    steps = [event["bizStep"] for event in document["epcisBody"]["eventList"]]
    assert (answer.status_code, answer.mimetype) == (200, "application/ld+json")
    assert complaints(document) == []
    assert (steps[0], steps[-1]) == ("commissioning", "accepting")
    assert {"packing", "departing", "arriving"} <= set(steps)
    heads = [event["mallrun:head"] for event in document["epcisBody"]["eventList"]]
    assert trial.get(f"deliveries/{made['id']}").get_json()["head"] == heads[-1]
    for personal in (CLEO["name"], CLEO["phone"], str(DOOR["street"]), str(DOOR["lat"])):
        assert personal not in answer.text


def test_document_needs_the_right_to_read(mall: Mall, shop: Program, rival: Program):
    made = ordered(shop)["id"]
    writer = merchants.a_key(mall, mall.store, scopes=frozenset({Scope.DELIVERIES_WRITE}))

    assert code_of(writer.get(f"deliveries/{made}/epcis")) == "scope_missing"
    assert code_of(rival.get(f"deliveries/{made}/epcis")) == "not_found"
