"""The block for a merchant's own e-mails."""

import json

from tests.api.conftest import ordered
from tests.merchants import Program

BLOCK = '<script type="application/ld+json">'


def test_email_gets_order_door_and_tracking_page(shop: Program):
    made = ordered(shop, parcel_count=2)

    answer = shop.get(f"deliveries/{made['id']}/markup").get_json()

    document = answer["document"]
    inside = answer["html"].removeprefix(BLOCK).removesuffix("</script>")
    assert json.loads(inside) == document
    assert document["trackingUrl"] == made["tracking_url"]
    assert document["partOfOrder"]["orderNumber"] == made["merchant_ref"]
    assert document["itemShipped"]["name"] == "2 parcels"
    assert document["deliveryAddress"]["streetAddress"] == "123 N Dobson Rd, Apt 4"
    assert document["deliveryAddress"]["addressCountry"] == "US"
    assert document["deliveryStatus"]["name"] == "Ordered"


def test_cancelled_order_is_not_expected(shop: Program):
    made = ordered(shop)
    shop.post(f"deliveries/{made['id']}/cancel", {"reason": "Cleo moved"})

    document = shop.get(f"deliveries/{made['id']}/markup").get_json()["document"]

    assert document["deliveryStatus"]["name"] == "Cancelled"
    assert "expectedArrivalUntil" not in document
