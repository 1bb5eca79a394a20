"""Every status of ours has a word at each of the others, and only words that they know."""

from pathlib import Path

from app.domain.delivery import DeliveryStatus
from app.domain.foreign_status import FOREIGN

UBER = {"pending", "pickup", "pickup_complete", "dropoff", "delivered", "canceled", "returned"}
DOORDASH = {
    "quote",
    "created",
    "confirmed",
    "enroute_to_pickup",
    "arrived_at_pickup",
    "picked_up",
    "enroute_to_dropoff",
    "arrived_at_dropoff",
    "delivered",
    "cancelled",
    "enroute_to_return",
    "arrived_at_return",
    "returned",
}
SHOPIFY = {
    "ATTEMPTED_DELIVERY",
    "CARRIER_PICKED_UP",
    "CONFIRMED",
    "DELAYED",
    "DELIVERED",
    "FAILURE",
    "IN_TRANSIT",
    "LABEL_PRINTED",
    "LABEL_PURCHASED",
    "OUT_FOR_DELIVERY",
    "READY_FOR_PICKUP",
}


def test_every_status_is_mapped_to_words_they_know():
    assert set(FOREIGN) == set(DeliveryStatus)
    assert {each.uber_direct for each in FOREIGN.values()} == UBER
    assert {each.doordash_drive for each in FOREIGN.values()} <= DOORDASH
    assert {each.shopify for each in FOREIGN.values()} <= SHOPIFY


def test_only_a_delivery_that_was_handed_over_counts_as_delivered():
    words = {
        s for s, each in FOREIGN.items() if "DELIVERED" in (each.shopify, each.uber_direct.upper())
    }

    assert words == {DeliveryStatus.DELIVERED}


def test_page_for_developers_has_the_same_table():
    page = (Path(__file__).resolve().parents[2] / "docs" / "merchant-api.md").read_text()

    for ours, each in FOREIGN.items():
        row = f"| `{ours}` | `{each.uber_direct}` | `{each.doordash_drive}` | `{each.shopify}` |"
        assert row in page
