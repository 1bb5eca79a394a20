"""Carriers who drive with us and bring parcels: opening their visit at a counter, and ending it.

The phone's code `P` with an empty ticket set opens it; what the desk takes in until it is over is
from this driver. Rules: `app.domain.visit`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select

from app.accounts import queries as accounts
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.handoff import ONLINE_WITHIN
from app.domain.retention import VISITS
from app.domain.site import INBOUND, SiteKind
from app.domain.tokens import KeyRole, Presence, parse, verify
from app.domain.visit import RENEWED_AFTER, ends_at, is_within, refuse_carrier
from app.handoffs.device_keys import active_key
from app.handoffs.models import CarrierVisit, Intake
from app.persistence.transaction import session
from app.sites import queries as sites

__all__ = ["CarrierVisit"]

Check = Callable[[bytes, bytes, bytes], bool]

#: What a clerk reads of a code that is no driver's, in the place of what a driver reads.
_DESK_WORDS: Final = {
    "code_too_long": "driver_code_not_ours",
    "code_not_ours": "driver_code_not_ours",
    "code_damaged": "carrier_code_damaged",
    "bad_signature": "carrier_code_damaged",
    "unknown_desk": "carrier_phone_unknown",
    "wrong_role": "carrier_phone_unknown",
}


@dataclass(frozen=True, slots=True)
class AtDesk:
    """Where parcels come in: the store, its tablet's key and who is at it."""

    store_id: str
    desk_kid: int
    clerk_id: str


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit with how many parcels were taken in from the driver."""

    visit: CarrierVisit
    parcel_count: int


def open_visit(visit_id: str, text: str, *, desk: AtDesk, check: Check, act: Act) -> CarrierVisit:
    """Believe a carrier's phone: what this desk takes in from now on is from its driver.

    The same phone again is the same visit while that is young. Whoever else was here is gone.

    Args:
        visit_id: Made by the desk, which may name it before the server has heard of it.
        text: What the camera read.
        desk: Where.
        check: `keys.check_es256`.
        act: Who does it, and when.

    Raises:
        DomainError: `command_id_reused`, `no_carriers_here`, `wrong_code_kind`,
            `driver_code_not_ours`, `carrier_code_damaged`, `carrier_phone_unknown`,
            `carrier_not_approved`, `driver_code_used`, and what `refuse_carrier` says.
    """
    store_number, store_name = _counter(desk.store_id)
    presence = _read(text, check)
    code = refuse_carrier(presence, store_number=store_number, at=act.at, now=act.now)
    if code is not None:
        raise DomainError(code, store_name=store_name)
    driver_id = _approved_driver(presence.kid)
    nonce = presence.nonce.hex()
    before = _by_nonce(presence.kid, nonce)
    if before is not None:
        if before.desk_kid == desk.desk_kid and is_open(before, now=act.at):
            return before
        raise DomainError("driver_code_used")
    ended_at = None
    for open_one in _open_at(desk.desk_kid):
        if open_one.opened_at > act.at:
            # This one was kept without signal, and somebody else has come since.
            ended_at = ends_at(act.at, open_one.opened_at)
        elif open_one.phone_kid == presence.kid and act.at - open_one.opened_at < RENEWED_AFTER:
            return open_one
        else:
            open_one.ended_at = ends_at(open_one.opened_at, act.at)
    session().flush()
    if session().get(CarrierVisit, visit_id) is not None:
        raise DomainError("command_id_reused")
    row = CarrierVisit(
        id=visit_id,
        store_id=desk.store_id,
        desk_kid=desk.desk_kid,
        clerk_id=desk.clerk_id,
        driver_id=driver_id,
        phone_kid=presence.kid,
        nonce=nonce,
        token=text,
        opened_at=act.at,
        ended_at=ended_at,
    )
    session().add(row)
    session().flush()
    return row


def end_visit(visit_id: str, *, desk: AtDesk, act: Act) -> CarrierVisit | None:
    """End a visit: the carrier has gone. Twice is as once.

    None where a step that was kept without signal names a visit that was refused: nothing is open.

    Raises:
        DomainError: `not_found`, also for a visit at another desk.
    """
    row = _of_desk(visit_id, desk.desk_kid)
    if row is None and act.now - act.at <= ONLINE_WITHIN:
        raise DomainError("not_found")
    if row is not None and row.ended_at is None:
        row.ended_at = max(row.opened_at, ends_at(row.opened_at, act.at))
    return row


def visit_during(visit_id: str, *, desk: AtDesk, act: Act) -> CarrierVisit | None:
    """Return the visit during which a parcel was scanned at this desk.

    None where a step that was kept without signal names a visit that does not hold: nobody stands
    there any more to scan again, the parcel is in, and it came from somebody unknown.

    Raises:
        DomainError: `visit_over`, also for a visit at another desk.
    """
    row = _of_desk(visit_id, desk.desk_kid)
    if row is not None and is_within(row.opened_at, row.ended_at, at=act.at, now=act.now):
        return row
    if act.now - act.at > ONLINE_WITHIN:
        return None
    raise DomainError("visit_over")


def facts_of(visit: CarrierVisit) -> Mapping[str, str | int]:
    """Return what an event says of the carrier, with the phone's own word, to be checked."""
    return {
        "visit": visit.id,
        "driver": visit.driver_id,
        "phone_kid": visit.phone_kid,
        "presence": visit.token,
    }


def is_open(visit: CarrierVisit, *, now: datetime) -> bool:
    """Tell whether parcels that are scanned now belong to a visit."""
    return now < over_at(visit) if visit.ended_at is None else False


def over_at(visit: CarrierVisit) -> datetime:
    """Return when a visit is over, or was."""
    return ends_at(visit.opened_at, visit.ended_at)


def open_visit_at(desk_kid: int, *, now: datetime) -> Visited | None:
    """Return the visit that is open at a desk, or None. At most two queries."""
    for row in _open_at(desk_kid):
        if is_open(row, now=now):
            return Visited(row, _counts([row.id]).get(row.id, 0))
    return None


def is_visiting(driver_id: str, store_id: str, *, now: datetime) -> bool:
    """Tell whether a driver's phone was scanned at a store's counter and the visit is open."""
    query = select(CarrierVisit).where(
        CarrierVisit.driver_id == driver_id,
        CarrierVisit.store_id == store_id,
        CarrierVisit.ended_at.is_(None),
    )
    return any(is_open(row, now=now) for row in session().scalars(query))


def visits_of_driver(driver_id: str, *, limit: int) -> list[Visited]:
    """Return a driver's visits, the newest first. Two queries."""
    query = select(CarrierVisit).where(CarrierVisit.driver_id == driver_id)
    rows = session().scalars(query.order_by(CarrierVisit.opened_at.desc()).limit(limit)).all()
    counts = _counts([row.id for row in rows])
    return [Visited(row, counts.get(row.id, 0)) for row in rows]


def visits_by_id(visit_ids: Sequence[str]) -> dict[str, CarrierVisit]:
    """Return `{visit_id: visit}`. One query."""
    rows = session().scalars(select(CarrierVisit).where(CarrierVisit.id.in_(visit_ids)))
    return {row.id: row for row in rows}


def erase_old(*, now: datetime) -> None:
    """Erase visits past their time. What the parcels' events say of them stays in the log."""
    session().execute(delete(CarrierVisit).where(CarrierVisit.opened_at < now - VISITS))


def _counter(store_id: str) -> tuple[int, str]:
    store = sites.store(store_id)
    site = sites.site(store.site_id) if store is not None else None
    if store is None or site is None or SiteKind(site.kind) not in INBOUND:
        raise DomainError("no_carriers_here")
    return store.number, store.name


def _read(text: str, check: Check) -> Presence:
    try:
        scanned = parse(text)
        if isinstance(scanned.token, Presence):
            verify(scanned, active_key, check, KeyRole.PHONE)
    except DomainError as error:
        raise DomainError(_DESK_WORDS.get(error.code, error.code)) from None
    if not isinstance(scanned.token, Presence):
        raise DomainError("wrong_code_kind", expected="Scan the code on the driver's phone.")
    return scanned.token


def _approved_driver(kid: int) -> str:
    device = accounts.device(kid)
    found = accounts.driver_at_work(device.person_id or "") if device is not None else None
    if found is None or not found.driver.is_approved or found.person.disabled_at is not None:
        raise DomainError("carrier_not_approved")
    return found.person.id


def _by_nonce(kid: int, nonce: str) -> CarrierVisit | None:
    query = select(CarrierVisit).where(CarrierVisit.phone_kid == kid, CarrierVisit.nonce == nonce)
    return session().scalars(query).first()


def _open_at(desk_kid: int) -> Sequence[CarrierVisit]:
    query = select(CarrierVisit).where(
        CarrierVisit.desk_kid == desk_kid, CarrierVisit.ended_at.is_(None)
    )
    return session().scalars(query).all()


def _of_desk(visit_id: str, desk_kid: int) -> CarrierVisit | None:
    row = session().get(CarrierVisit, visit_id)
    return row if row is not None and row.desk_kid == desk_kid else None


def _counts(visit_ids: Sequence[str]) -> dict[str, int]:
    query = select(Intake.visit_id, func.count()).where(Intake.visit_id.in_(visit_ids))
    rows = session().execute(query.group_by(Intake.visit_id))
    return {str(row[0]): row[1] for row in rows}
