"""Setting up sites, stores and desks."""

import hmac
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import update

from app.domain.errors import DomainError
from app.domain.policy import MANAGER_TRIES_MAX
from app.persistence.ids import new_id
from app.persistence.numbers import free_number
from app.persistence.transaction import session
from app.sites import queries
from app.sites.addresses import search_key
from app.sites.models import Desk, KnownAddress, Merchant, Site, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSite:
    """A site as it is set up; points are degrees, `timezone` an IANA name.

    `waits_for_orders`: its runs are shown to drivers when their start is near, not at once. `area`:
    what roads there are around it, a value of `traffic.Area`; None for those of its kind.
    `dispatcher_phone`: whom drivers and clerks call when something goes wrong there, if anybody.
    """

    kind: str
    name: str
    city: str
    state: str
    timezone: str
    currency: str
    lat: float
    lon: float
    parking_lat: float
    parking_lon: float
    parking_note: str
    entrance_name: str
    entrance_lat: float
    entrance_lon: float
    entrance_note: str
    entrance_floor: int
    waits_for_orders: bool = False
    area: str | None = None
    dispatcher_phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStore:
    """A store as it is set up."""

    name: str
    floor: int
    floor_name: str
    unit: str
    counter_note: str
    lat: float
    lon: float


def add_site(new: NewSite) -> Site:
    """Add a site."""
    row = Site(id=new_id("sit"), **asdict(new))
    session().add(row)
    session().flush()
    return row


def change_site(site_id: str, new: NewSite) -> None:
    """Change what people read about a site, and where runs begin, from the next plan on.

    Its kind and currency stay: runs under way were formed and are paid by them.

    Raises:
        DomainError: `not_found`.
    """
    row = queries.site(site_id)
    if row is None:
        raise DomainError("not_found")
    for name, value in asdict(new).items():
        if name not in {"kind", "currency"}:
            setattr(row, name, value)
    session().flush()


def add_merchant(name: str) -> Merchant:
    """Add a merchant."""
    row = Merchant(id=new_id("mer"), name=name)
    session().add(row)
    session().flush()
    return row


def merchant_named(name: str) -> Merchant:
    """Return the merchant of a name, added if nobody has it yet."""
    return queries.merchant_by_name(name) or add_merchant(name)


def add_store(new: NewStore, *, site_id: str, merchant_id: str) -> Store:
    """Add a store of a merchant at a site."""
    row = Store(
        id=new_id("str"),
        number=free_number(Store.number),
        site_id=site_id,
        merchant_id=merchant_id,
        **asdict(new),
    )
    session().add(row)
    session().flush()
    return row


def change_store(store_id: str, new: NewStore, *, merchant_id: str) -> None:
    """Change what people read about a store, and where its counter is, from the next plan on.

    Raises:
        DomainError: `not_found`.
    """
    row = queries.store(store_id)
    if row is None:
        raise DomainError("not_found")
    row.merchant_id = merchant_id
    for name, value in asdict(new).items():
        setattr(row, name, value)
    session().flush()


def set_evidence_policy(
    store_id: str, *, minimum_level: str, code_above_minor: int | None, code_hash: str | None
) -> None:
    """Set what a store asks of handoffs at its counter, from now on.

    Args:
        store_id: The store.
        minimum_level: `E0` to `E3`.
        code_above_minor: Goods worth more need a manager's code; None for never.
        code_hash: Hash of a new manager's code; None leaves the one there is. A new one can be
            tried five times again.

    Raises:
        DomainError: `not_found`; `manager_code_missing` for a limit without a code.
    """
    row = queries.store(store_id)
    if row is None:
        raise DomainError("not_found")
    if code_above_minor is not None and (code_hash or row.manager_code_hash) is None:
        raise DomainError("manager_code_missing")
    row.minimum_level = minimum_level
    row.manager_code_above_minor = code_above_minor
    if code_hash is not None:
        row.manager_code_hash = code_hash
        row.manager_code_tries = 0
    session().flush()


def count_manager_code(store_id: str, *, is_right: bool) -> None:
    """Count a manager's code that was told: a wrong one adds to the five, a right one clears them.

    By one statement, so that codes told in parallel are all counted.
    """
    tries = Store.manager_code_tries
    session().execute(
        update(Store)
        .where(Store.id == store_id, tries < MANAGER_TRIES_MAX)
        .values(manager_code_tries=0 if is_right else tries + 1)
        .execution_options(synchronize_session=False)
    )


def try_manager_code(store_id: str, code_hash: str) -> None:
    """Check a manager's code that was typed before anything is stated, and count it.

    Raises:
        DomainError: `not_found`, `manager_code_unset`; `manager_code_wrong` and
            `manager_code_locked`, whose counted try must be kept (`keeps_effects`).
    """
    # Locked, so that codes tried in parallel are all counted.
    row = session().get(Store, store_id, with_for_update=True)
    if row is None:
        raise DomainError("not_found")
    if row.manager_code_hash is None:
        raise DomainError("manager_code_unset")
    if row.manager_code_tries >= MANAGER_TRIES_MAX:
        raise DomainError("manager_code_locked")
    is_right = hmac.compare_digest(code_hash, row.manager_code_hash)
    row.manager_code_tries = 0 if is_right else row.manager_code_tries + 1
    session().flush()
    left = MANAGER_TRIES_MAX - row.manager_code_tries
    if not is_right:
        raise (
            DomainError("manager_code_wrong", tries_left=left)
            if left
            else DomainError("manager_code_locked")
        )


def add_desk(store_id: str, name: str, *, now: datetime) -> Desk:
    """Add a counter of a store; a tablet is enrolled for it afterwards."""
    row = Desk(id=new_id("dsk"), store_id=store_id, name=name, wrong_codes=0, created_at=now)
    session().add(row)
    session().flush()
    return row


def remove_desk(desk_id: str, *, now: datetime) -> None:
    """Take a desk out of use.

    Raises:
        DomainError: `not_found`.
    """
    row = queries.desk(desk_id)
    if row is None:
        raise DomainError("not_found")
    row.removed_at = now
    session().flush()


def add_known_address(
    site_id: str, *, street: str, city: str, postal_code: str, lat: float, lon: float
) -> None:
    """Add an address that clerks of a site can pick."""
    session().add(
        KnownAddress(
            id=new_id("adr"),
            site_id=site_id,
            search_key=search_key(street),
            street=street,
            city=city,
            postal_code=postal_code,
            lat=lat,
            lon=lon,
        )
    )
