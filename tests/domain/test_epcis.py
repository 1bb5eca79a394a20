"""Custody as EPCIS: every event that is told fits GS1's schema and says where the parcels are."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.epcis import EXPORTED, Shipment, Step, epcis_document
from app.domain.events import FOR_PROOFS, EventType
from tests.epcis import complaints

AT = datetime(2026, 7, 1, 19, 30, 0, 120_000, UTC)
HOST = "https://mall.example/api/v1"
SHIPMENT = Shipment(
    address=f"{HOST}/deliveries/dlv_1",
    store_address=f"{HOST}/stores/str_1",
    vocabulary=f"{HOST}/docs#",
    merchant_ref="Ord 7/ü",
    parcel_count=2,
    timezone=ZoneInfo("America/Phoenix"),
)


def step(kind: EventType, **facts: Any) -> Step:
    return Step("01890000-0000-7000-8000-000000000000", kind, 3, AT, AT, facts, "ab" * 32)


def told(*steps: Step) -> list[dict[str, Any]]:
    document = epcis_document(SHIPMENT, steps, made_at=AT)
    assert complaints(document) == []
    return document["epcisBody"]["eventList"]


@pytest.mark.parametrize("kind", sorted(EXPORTED))
def test_every_kind_of_event_fits_the_schema(kind: EventType):
    facts = {"stop": "dropoff", "level": "E2", "evidence": "release_code", "photo_sha256": None}

    (event,) = told(step(kind, **facts))

    assert event["eventTimeZoneOffset"] == "-07:00"
    assert event["eventTime"] == "2026-07-01T19:30:00.120Z"
    assert (event["mallrun:level"], event["mallrun:sequence"]) == ("E2", 3)
    assert "mallrun:photo_sha256" not in event


def test_schema_does_refuse_what_is_wrong():
    document = epcis_document(SHIPMENT, [step(EventType.DELIVERY_PACKED)], made_at=AT)
    (event,) = document["epcisBody"]["eventList"]

    event |= {"bizStep": "packed", "plain_name": 1}

    assert len(complaints(document)) > 0


def test_hands_are_source_and_destination():
    (event,) = told(step(EventType.HANDOFF_DELIVERED))

    assert event["sourceList"][0]["source"] == f"{HOST}/deliveries/dlv_1#driver"
    assert event["destinationList"][0]["destination"] == f"{HOST}/deliveries/dlv_1#customer"
    assert "readPoint" not in event


def test_one_parcel_brought_in_is_named_alone():
    (event,) = told(step(EventType.HANDOFF_TAKEN_IN, parcel=2))

    assert event["epcList"] == [f"{HOST}/deliveries/dlv_1#parcel-2"]
    assert event["destinationList"][0]["destination"] == f"{HOST}/stores/str_1"


def test_parcels_that_came_in_together_name_one_visit():
    carrier = {"visit": "vis_1", "driver": "per_1", "phone_kid": 7, "presence": "MP1:A"}
    (event,) = told(step(EventType.HANDOFF_TAKEN_IN, parcel=1, level="E2", **carrier))

    assert (event["mallrun:visit"], event["mallrun:level"]) == ("vis_1", "E2")
    assert not [name for name in event if "driver" in name or "presence" in name]


def test_arrival_at_the_counter_is_not_one_of_parcels():
    assert told(step(EventType.STOP_ARRIVED, stop="pickup"), step(EventType.RUN_CLAIMED)) == []


def test_order_number_is_a_transaction_with_and_without():
    (event,) = told(step(EventType.DELIVERY_PACKED))
    bare = Shipment(HOST, HOST, HOST, None, 1, UTC)
    document = epcis_document(bare, [step(EventType.DELIVERY_PACKED)], made_at=AT)

    assert event["bizTransactionList"][1]["bizTransaction"].endswith("#order-Ord%207%2F%C3%BC")
    assert len(document["epcisBody"]["eventList"][0]["bizTransactionList"]) == 1


def test_nothing_is_left_out_that_happened_to_parcels():
    assert {EventType.INSTRUCTIONS_CHANGED} == FOR_PROOFS - EXPORTED
