"""ParcelDelivery: what mail programs ask for, and nothing that a text could break out of."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.delivery import DeliveryStatus
from app.domain.parcel_markup import Announced, Ordered, parcel_delivery, script_of

FROM, UNTIL = datetime(2026, 11, 24, 16, tzinfo=UTC), datetime(2026, 11, 24, 18, tzinfo=UTC)
SAID = Announced(
    tracking_url="https://mall.example/t/abc",
    store="Lumen",
    status=DeliveryStatus.CREATED,
    headline="Arriving today 4–6 pm",
    window_from=FROM,
    window_until=UNTIL,
)
ORDER = Ordered(
    merchant_ref="order-1001",
    parcels="2 parcels",
    recipient="Cleo Cruz",
    street="123 N Dobson Rd",
    unit="Apt 4",
    city="Chandler",
    state="AZ",
    postal_code="85224",
    country="US",
)


def test_public_document_has_neither_order_nor_door():
    document = parcel_delivery(SAID)

    assert set(document) == {
        "@context",
        "@type",
        "trackingUrl",
        "provider",
        "deliveryStatus",
        "partOfOrder",
        "expectedArrivalFrom",
        "expectedArrivalUntil",
    }
    assert document["partOfOrder"] == {
        "@type": "Order",
        "seller": {"@type": "Organization", "name": "Lumen"},
    }
    assert document["expectedArrivalUntil"] == "2026-11-24T18:00:00+00:00"


def test_document_for_emails_has_all_that_gmail_requires():
    document = parcel_delivery(SAID, ORDER)

    address = document["deliveryAddress"]
    assert address["streetAddress"] == "123 N Dobson Rd, Apt 4"
    assert all(address[f"address{part}"] for part in ("Locality", "Region", "Country"))
    assert document["carrier"]["name"] == "Mallrun"
    assert document["itemShipped"]["name"] == "2 parcels"
    assert document["partOfOrder"]["orderNumber"] == "order-1001"
    assert document["partOfOrder"]["merchant"]["name"] == "Lumen"


@pytest.mark.parametrize(
    "status", [DeliveryStatus.DELIVERED, DeliveryStatus.ENROUTE_TO_RETURN, DeliveryStatus.CANCELLED]
)
def test_what_does_not_come_any_more_is_not_expected(status: DeliveryStatus):
    assert "expectedArrivalUntil" not in parcel_delivery(replace(SAID, status=status))


def test_no_text_ends_the_block():
    block = script_of(parcel_delivery(replace(SAID, store="</script><img src=x> & Söhne <!--")))

    inside = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not {"<", ">", "&"} & set(inside)
    assert json.loads(inside)["partOfOrder"]["seller"]["name"].endswith("& Söhne <!--")
