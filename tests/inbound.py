"""What people do with parcels that carriers bring in."""

import dataclasses
from typing import Any

from app import clock
from app.domain.tokens import encode_label
from app.handoffs.models import CarrierVisit
from app.persistence.ids import new_id
from app.sites import service as sites
from tests.devices import presence_of
from tests.factories import Mall
from tests.personas import Clerk, Driver, a_clerk


def label(mall: Mall, delivery_id: str, number: int = 1) -> str:
    """Return the text of a parcel's label."""
    row = mall.delivery(delivery_id)
    return encode_label(row.handle, number, row.parcel_count, mall.keys.mac("label"))


def shelved(clerk: Clerk, delivery_id: str, place: str = "A1") -> None:
    """Take in and shelve every parcel of a delivery."""
    for number in range(1, clerk.mall.delivery(delivery_id).parcel_count + 1):
        path = f"parcels/{delivery_id}/{number}"
        text = label(clerk.mall, delivery_id, number)
        assert clerk.post(f"{path}/take-in", text=text).status_code == 200
        assert clerk.post(f"{path}/shelve", place=place).status_code == 200


def sorted_in(clerk: Clerk, delivery_id: str) -> list[dict[str, object]]:
    """Sort every parcel of a delivery into its bay; return what the station said."""
    said: list[dict[str, object]] = []
    for number in range(1, clerk.mall.delivery(delivery_id).parcel_count + 1):
        text = label(clerk.mall, delivery_id, number)
        answer = clerk.post(f"parcels/{delivery_id}/{number}/sort", text=text)
        assert answer.status_code == 200, answer.get_json()
        said.append(answer.get_json()["result"])
    return said


def brings(driver: Driver, clerk: Clerk, **changes: Any) -> str:
    """Return what a driver's phone shows at a clerk's counter."""
    return presence_of(driver, clerk.counter.number, [], **changes)


def opened(driver: Driver, clerk: Clerk) -> str:
    """Let a clerk scan a carrier's phone; return the visit."""
    answer = clerk.post("visits", text=brings(driver, clerk))
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()["result"]["visit_id"]


def receipts(driver: Driver) -> list[dict[str, Any]]:
    """Return what counters took in from a driver, as the phone shows it."""
    return driver.client.get("/driver/api/bring").get_json()["visits"]


def at_another_desk(hub: Mall) -> Clerk:
    """Return Hugo, who works beside Hanna on a tablet of his own."""
    with hub.writing():
        desk = sites.add_desk(hub.store.store_id, "Back", now=clock.now())
        counter = dataclasses.replace(hub.store, desk_id=desk.id)
    return a_clerk(hub, "Hugo", counter, code="204817")


def a_visit(driver: Driver, clerk: Clerk) -> CarrierVisit:
    """Return a visit that nobody has kept yet, of any counter, as if a phone had been scanned."""
    return CarrierVisit(
        id=new_id("vis"),
        store_id=clerk.counter.store_id,
        desk_kid=clerk.kid,
        clerk_id=clerk.clerk_id,
        driver_id=driver.person_id,
        phone_kid=driver.kid,
        nonce="ab" * 8,
        token="MP1:",
        opened_at=clock.now(),
        ended_at=None,
    )
