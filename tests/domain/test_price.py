"""What merchants pay: by distance and parcels, and what is due at the end."""

from dataclasses import replace

import pytest

from app.domain.delivery import DeliveryStatus as S
from app.domain.price import CURRENT, due_minor, price_minor

#: A return and a late cancellation at rates of their own.
UNEVEN = replace(CURRENT, return_percent=50, late_cancel_percent=25)


@pytest.mark.parametrize(
    ("distance_m", "parcels", "price"),
    [
        (0, 1, 799),
        (8_046, 1, 799),
        (9_656, 1, 874),
        (8_852, 1, 837),
        (0, 3, 999),
        (16_093, 20, 799 + 375 + 1_900),
    ],
)
def test_base_covers_five_miles_and_one_parcel(distance_m: int, parcels: int, price: int):
    assert price_minor(distance_m, parcels) == price


@pytest.mark.parametrize(
    ("status", "had_driver", "due"),
    [
        (S.DELIVERED, True, 801),
        (S.RETURNED, True, 801 + 400),
        (S.CANCELLED, True, 200),
        (S.CANCELLED, False, 0),
        (S.LOST, True, 0),
        (S.ENROUTE_TO_DROPOFF, True, 0),
    ],
)
def test_due_follows_from_the_end(status: S, *, had_driver: bool, due: int):
    assert due_minor(801, status, had_driver=had_driver, rule=UNEVEN) == due
