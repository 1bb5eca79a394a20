"""What drivers drive, and how much of what people order goes into it."""

from enum import StrEnum
from typing import Final


class VehicleClass(StrEnum):
    """Kinds of vehicles, smallest first."""

    BIKE = "bike"
    CAR = "car"
    SUV = "suv"
    VAN = "van"


#: Litres that go in without blocking the mirrors: a bike's box; boot and back seats of a small car;
#: of a large one; a panel van. Between published figures of makers; packing leaves air.
CAPACITY_L: Final[dict[VehicleClass, int]] = {
    VehicleClass.BIKE: 60,
    VehicleClass.CAR: 450,
    VehicleClass.SUV: 900,
    VehicleClass.VAN: 3_000,
}
#: What somebody who has not said otherwise drives.
DEFAULT_CLASS: Final = VehicleClass.CAR
#: No run and no order needs more room than this.
LARGEST_L: Final = max(CAPACITY_L.values())
#: Of a parcel of which nobody has said how large it is: a shopping bag, packed with air. Twenty of
#: them still fit a large car.
PARCEL_L: Final = 25
PARCEL_L_MAX: Final = 100_000


def smallest_for(litres: int) -> VehicleClass | None:
    """Return the smallest vehicle that takes so many litres, or None when none does."""
    return next((kind for kind, takes in CAPACITY_L.items() if litres <= takes), None)
