"""What people do with parcels that carriers bring in."""

from app.domain.tokens import encode_label
from tests.factories import Mall
from tests.personas import Clerk


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
