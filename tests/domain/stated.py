"""Facts about one delivery, as tests of the custody rules state them."""

from app.domain.facts import Fact, FactKind
from app.domain.handoff import EvidenceLevel

E0, E1, E2, E3 = EvidenceLevel
DINA, DAN = "per_dina", "per_dan"
PHONE, OTHER_PHONE, TABLET = 11, 12, 21
DAY = (0, 86_400_000)


def fact(kind: FactKind, driver: str = DINA, level: EvidenceLevel = E0, **given: object) -> Fact:
    fields = {"id": f"{kind}-{driver}-{level}", "at_ms": 1_000, "window": DAY, "parcels": 2} | given
    if kind in {FactKind.CLAIMED, FactKind.UNCLAIMED, FactKind.RULED}:
        fields.setdefault("order", 1)
    return Fact(kind=kind, driver_id=driver, level=level, **fields)  # pyright: ignore[reportArgumentType]


def claimed(driver: str = DINA, order: int = 1) -> Fact:
    return fact(FactKind.CLAIMED, driver, order=order)


def picked_up(driver: str = DINA, level: EvidenceLevel = E2, **given: object) -> Fact:
    return fact(FactKind.PICKED_UP, driver, level, **given)


REASSIGNED = (claimed(), fact(FactKind.UNCLAIMED, order=2), claimed(DAN, order=3))
CANCELLED, LOST = fact(FactKind.CANCELLED, ""), fact(FactKind.LOST, "")
