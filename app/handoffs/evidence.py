"""Checking the codes that people scan or type: who signed, for whom, for what, and when."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.accounts import queries as accounts
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.handoff import CODE_AHEAD_S, judge_times
from app.domain.token_layout import CustomerCode, Release
from app.domain.tokens import DeviceKey, KeyRole, normalise_short_code, parse, short_code, verify
from app.handoffs import queries
from app.handoffs.device_keys import active_key
from app.sites import queries as sites

Check = Callable[[bytes, bytes, bytes], bool]

#: A typed short code is looked for among codes shown this long ago at most.
SHORT_CODE_LIFE: Final = timedelta(seconds=75)


@dataclass(frozen=True, slots=True)
class CheckedRelease:
    """A release that holds: which deliveries it gives, and what the handoff keeps of it."""

    handles: tuple[str, ...]
    nonce: str
    desk_kid: int
    clerk_number: int
    token: str
    flags: tuple[str, ...]


def read_release(text: str) -> Release:
    """Return the release code in a scanned text.

    Raises:
        DomainError: `code_too_long`, `code_not_ours`, `code_damaged`, `wrong_code_kind`.
    """
    token = parse(text).token
    if not isinstance(token, Release):
        raise DomainError("wrong_code_kind", expected="Scan the large code on the store's tablet.")
    return token


def check_release(
    text: str,
    *,
    driver_id: str,
    store_id: str,
    mine: Sequence[Delivery],
    check: Check,
    act: Act,
) -> CheckedRelease:
    """Check a scanned release code against the driver, the store, the deliveries and the clocks.

    Args:
        text: What the camera read.
        driver_id: Who scans.
        store_id: Where the driver stands.
        check: `keys.check_es256`.
        act: When it was scanned, and when the server heard of it.
        mine: The run's deliveries at this store, collected ones too.

    Raises:
        DomainError: The refusals of MP1, step 2, `stale_code` and `code_from_future`.
    """
    scanned = parse(text)
    release = read_release(text)
    verify(scanned, active_key, check, KeyRole.DESK)
    require_store(release.kid, store_id)
    phone = accounts.active_phone(driver_id)
    if phone is None or phone.kid != release.driver_kid:
        raise DomainError("not_addressee")
    _require_deliveries(release, {row.handle: row for row in mine})
    judged = judge_times(release.iat, act.occurred_at, act.now)
    if judged.verdict != "ok":
        is_ahead = release.iat - act.now.timestamp() > CODE_AHEAD_S
        raise DomainError("code_from_future" if is_ahead else "stale_code")
    return CheckedRelease(
        handles=tuple(each.handle for each in release.deliveries),
        nonce=release.nonce.hex(),
        desk_kid=release.kid,
        clerk_number=release.clerk,
        token=text,
        flags=judged.flags,
    )


def check_short_code(typed: str, *, driver_id: str, store_id: str, now: datetime) -> CheckedRelease:
    """Find the release that a tablet of this store shows this driver under six typed characters.

    Raises:
        DomainError: `short_code_unknown`.
    """
    code = normalise_short_code(typed)
    shown = queries.shown_release(driver_id, store_id, code, since=now - SHORT_CODE_LIFE)
    if shown is None:
        raise DomainError("short_code_unknown")
    release = read_release(shown.token)
    return CheckedRelease(
        handles=tuple(each.handle for each in release.deliveries),
        nonce=shown.nonce,
        desk_kid=shown.desk_kid,
        clerk_number=shown.clerk_number,
        token=shown.token,
        flags=(),
    )


def check_customer_code(
    text: str, *, handle: str, server_key: DeviceKey, check: Check, now: datetime
) -> str:
    """Check a customer's code `C` for one delivery and return its nonce, hex.

    Raises:
        DomainError: `wrong_code_kind`, `bad_signature`, `wrong_role`, `other_delivery`,
            `customer_code_expired` and those of `parse`.
    """
    scanned = parse(text)
    token = scanned.token
    if not isinstance(token, CustomerCode):
        raise DomainError(
            "wrong_code_kind", expected="Scan the code on the customer's tracking page."
        )
    verify(
        scanned,
        lambda kid: server_key if kid == server_key.kid else active_key(kid),
        check,
        KeyRole.SERVER,
    )
    if token.handle != handle:
        raise DomainError("other_delivery")
    if datetime.fromtimestamp(token.exp, UTC) < now:
        raise DomainError("customer_code_expired")
    return token.nonce.hex()


def short_code_of(text: str) -> str:
    """Return the six characters under a shown code."""
    return short_code(text)


def require_store(kid: int, store_id: str) -> None:
    """Refuse a tablet of another store.

    Raises:
        DomainError: `unknown_desk`, `other_store`.
    """
    device = accounts.device(kid)
    desk = sites.desk(device.desk_id) if device is not None and device.desk_id else None
    if desk is None:
        raise DomainError("unknown_desk")
    if desk.store_id != store_id:
        here = sites.store(store_id)
        raise DomainError("other_store", store_name=here.name if here else "")


def _require_deliveries(release: Release, mine: Mapping[str, Delivery]) -> None:
    for shown in release.deliveries:
        row = mine.get(shown.handle)
        if row is None:
            raise DomainError("other_delivery")
        if row.parcel_count != shown.parcels:
            raise DomainError("parcel_count_differs", theirs=shown.parcels, ours=row.parcel_count)
