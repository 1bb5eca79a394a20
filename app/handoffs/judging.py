"""Judging a statement for one delivery: do its codes hold, and how much do they prove.

Nothing here changes a row. A refusal is returned, not raised: what cannot be believed is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.accounts import queries as accounts
from app.accounts.queries import Device
from app.deliveries.queries import Delivery
from app.domain.commitments import Opened
from app.domain.errors import DomainError
from app.domain.handoff import FRESH_PAIR, EvidenceLevel, judge_times
from app.domain.pin import MAX_PIN_TRIES, pin_of, pins_match
from app.domain.statement import Statement, StatementType
from app.domain.token_layout import CustomerCode, Label, Presence, Ticket, Token
from app.domain.tokens import (
    DeviceKey,
    KeyRole,
    parse,
    ticket_set_of,
    verify,
    verify_label,
)
from app.handoffs import evidence as codes
from app.handoffs import queries
from app.keys import SERVER_KID, Keys, check_es256
from app.sites import queries as sites

Check = Callable[[bytes, bytes, bytes], bool]
Mac = Callable[[bytes], bytes]

#: A statement that arrives this long after it was made was made without signal.
ONLINE_WITHIN: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What checking codes needs from the installation's keys."""

    check: Check
    pin_mac: Mac
    label_mac: Mac
    server_key: DeviceKey


def secrets_of(keys: Keys) -> Secrets:
    """Return what checking needs of the installation's keys."""
    server_key = DeviceKey(SERVER_KID, KeyRole.SERVER, keys.server_public)
    return Secrets(check_es256, keys.mac("pin"), keys.mac("label"), server_key)


@dataclass(frozen=True, slots=True)
class Heard:
    """A statement with the circumstances in which the server heard of it."""

    statement: Statement
    device: Device
    beside: dict[str, Opened]
    now: datetime
    #: Begin of the provable window: the newest checkpoint that the statement or its code knew.
    not_before: datetime | None = None

    @property
    def was_offline(self) -> bool:
        """Tell whether the statement waited on its device."""
        return self.now - self.statement.occurred_at > ONLINE_WITHIN


@dataclass(frozen=True, slots=True)
class Judged:
    """What a statement is worth for one delivery.

    Attributes:
        level: How well it is evidenced by itself.
        refusal: Why it cannot be believed, None when it can.
        flags: What is odd about it, by name.
        driver_id: Whom it is about; empty when it names nobody.
        token: Key id and nonce of the other side's code.
        evidence: The kind of evidence that counted.
        waits: A person has to look at it.
        is_wrong_pin: A try that counts.
    """

    level: EvidenceLevel = EvidenceLevel.E0
    refusal: DomainError | None = None
    flags: tuple[str, ...] = ()
    driver_id: str = ""
    token: tuple[int, str] | None = None
    evidence: str = "assertion"
    waits: bool = False
    is_wrong_pin: bool = False


def judge(heard: Heard, row: Delivery, secrets: Secrets) -> Judged:
    """Return what a statement is worth for one of its deliveries."""
    judges = {
        StatementType.PICKED_UP: _picked_up,
        StatementType.RELEASED: _released,
        StatementType.DELIVERED: _delivered,
        StatementType.FAILED: _said,
        StatementType.RETURNED: _returned,
        StatementType.CORRECTION: _said,
    }
    try:
        return judges[heard.statement.type](heard, row, secrets)
    except DomainError as refusal:
        return Judged(refusal=refusal, driver_id=heard.device.person_id or "")


def _said(heard: Heard, _row: Delivery, _secrets: Secrets) -> Judged:
    return Judged(driver_id=heard.device.person_id or "")


def _returned(heard: Heard, row: Delivery, secrets: Secrets) -> Judged:
    if heard.device.kind == "phone":
        return _said(heard, row, secrets)
    _require_own_store(heard, row)
    # The receiver's own signed word.
    return Judged(EvidenceLevel.E2, flags=_clerk_flags(heard), evidence="desk")


def _picked_up(heard: Heard, row: Delivery, secrets: Secrets) -> Judged:
    driver_id = heard.device.person_id or ""
    texts = heard.statement.texts("release_code")
    if texts:
        return _by_release(heard, row, secrets, texts)
    if heard.statement.has("short_code"):
        return Judged(driver_id=driver_id, evidence="short_code")
    if _labels_of(heard, row, secrets) and _is_near_store(heard, row):
        return Judged(EvidenceLevel.E1, driver_id=driver_id, evidence="label")
    return Judged(driver_id=driver_id)


def _by_release(heard: Heard, row: Delivery, secrets: Secrets, texts: list[str]) -> Judged:
    """Judge a collection by the release code that names this delivery."""
    driver_id = heard.device.person_id or ""
    found = [(text, codes.read_release(text)) for text in texts]
    naming = [
        (text, release)
        for text, release in found
        if any(line.handle == row.handle for line in release.deliveries)
    ]
    if not naming:
        raise DomainError("other_delivery")
    text, release = naming[0]
    key = _key_at(release.kid, heard)
    verify(parse(text), lambda _kid: key, secrets.check, KeyRole.DESK)
    if release.driver_kid != heard.device.kid:
        raise DomainError("not_addressee")
    codes.require_store(release.kid, row.store_id)
    flags, waits = _pair_flags(release, heard)
    token = (release.kid, release.nonce.hex())
    counted = next(line.parcels for line in release.deliveries if line.handle == row.handle)
    if counted != row.parcel_count:
        flags += ("count_mismatch",)
    if waits:
        refusal = DomainError("needs_review")
        return Judged(EvidenceLevel.E2, refusal, flags, driver_id, token, "release_code", waits)
    return Judged(EvidenceLevel.E2, None, flags, driver_id, token, "release_code")


def _pair_flags(shown: Token, heard: Heard) -> tuple[tuple[str, ...], bool]:
    """Judge the two clocks; return flags, and whether a person has to look.

    Raises:
        DomainError: `stale_code` when it can be scanned again at once.
    """
    if isinstance(shown, Label):
        return (), False
    judged = judge_times(shown.iat, heard.statement.occurred_at, heard.now)
    if judged.verdict == "stale_code":
        raise DomainError("stale_code")
    return judged.flags + _clock_flags(heard), judged.verdict == "review"


def _clock_flags(heard: Heard) -> tuple[str, ...]:
    flags = ["clock_jump"] if heard.statement.clock.jump else []
    earliest = heard.not_before
    if earliest is not None and heard.statement.occurred_at < earliest - timedelta(seconds=60):
        flags.append("clock_behind")
    return tuple(flags)


def _labels_of(heard: Heard, row: Delivery, secrets: Secrets) -> bool:
    """Tell whether every parcel's printed label was scanned and is ours."""
    seen: set[int] = set()
    for text in heard.statement.texts("label"):
        scanned = parse(text)
        label = verify_label(scanned, secrets.label_mac)
        if label.handle == row.handle:
            seen.add(label.n)
    return len(seen) >= row.parcel_count


def _is_near_store(heard: Heard, row: Delivery) -> bool:
    geo = heard.beside.get("geo")
    store = sites.store(row.store_id)
    return geo is not None and store is not None and geo.is_near(store.lat, store.lon)


def _released(heard: Heard, row: Delivery, secrets: Secrets) -> Judged:
    """Judge the desk's word that it gave parcels, perhaps with the phone's own code."""
    _require_own_store(heard, row)
    flags = _clerk_flags(heard) + _clock_flags(heard)
    texts = heard.statement.texts("presence")
    if not texts:
        return Judged(flags=flags, evidence="desk")
    scanned = parse(texts[0])
    presence = scanned.token
    if not isinstance(presence, Presence):
        raise DomainError("wrong_code_kind", expected="Scan the driver's phone.")
    phone = accounts.device(presence.kid)
    key = _key_at(presence.kid, heard)
    verify(scanned, lambda _kid: key, secrets.check, KeyRole.PHONE)
    store = sites.store(row.store_id)
    if phone is None or store is None or presence.store != store.number:
        raise DomainError("other_store", store_name=store.name if store else "")
    _require_tickets(heard, presence, secrets)
    away = abs(heard.statement.occurred_at - datetime.fromtimestamp(presence.iat, UTC))
    if away > FRESH_PAIR:
        flags += ("stale_pair",)
    return Judged(
        EvidenceLevel.E2,
        None,
        flags,
        phone.person_id or "",
        (presence.kid, presence.nonce.hex()),
        "presence",
    )


def _require_tickets(heard: Heard, presence: Presence, secrets: Secrets) -> None:
    """Check that the presence names these deliveries, or that tickets for each were shown."""
    if ticket_set_of(heard.statement.parcels) == presence.ticket_set:
        return
    for text in heard.statement.texts("ticket"):
        scanned = parse(text)
        ticket = scanned.token
        verify(scanned, lambda _kid: secrets.server_key, secrets.check, KeyRole.SERVER)
        if not isinstance(ticket, Ticket) or ticket.driver_kid != presence.kid:
            raise DomainError("not_addressee")


def _delivered(heard: Heard, row: Delivery, secrets: Secrets) -> Judged:
    driver_id = heard.device.person_id or ""
    texts = heard.statement.texts("customer_code")
    if texts:
        scanned = parse(texts[0])
        if not isinstance(scanned.token, CustomerCode):
            raise DomainError(
                "wrong_code_kind", expected="Scan the code on the customer's tracking page."
            )
        nonce = codes.check_customer_code(
            texts[0],
            handle=row.handle,
            server_key=secrets.server_key,
            check=secrets.check,
            now=min(heard.statement.occurred_at, heard.now),
        )
        token = (scanned.token.kid, nonce)
        return Judged(
            EvidenceLevel.E2, None, _clock_flags(heard), driver_id, token, "customer_code"
        )
    if heard.statement.has("pin"):
        return _by_pin(heard, row, secrets)
    photos = heard.statement.texts("photo")
    if queries.photo_named(row.id, driver_id, photos) is not None:
        return Judged(EvidenceLevel.E1, driver_id=driver_id, evidence="photo")
    flags = ("photo_missing",) if photos else ()
    return Judged(flags=flags, driver_id=driver_id, evidence="none")


def _by_pin(heard: Heard, row: Delivery, secrets: Secrets) -> Judged:
    """Judge a PIN; every wrong one counts as a try, over all channels."""
    driver_id = heard.device.person_id or ""
    told = heard.beside.get("pin")
    left = MAX_PIN_TRIES - row.pin_tries
    expected = pin_of(secrets.pin_mac, row.handle, row.pin_version)
    if left > 0 and told is not None and pins_match(told.value, expected):
        return Judged(EvidenceLevel.E2, driver_id=driver_id, evidence="pin")
    if not heard.was_offline:
        refusal = (
            DomainError("pin_wrong", tries_left=left - 1) if left > 1 else DomainError("pin_locked")
        )
        return Judged(refusal=refusal, driver_id=driver_id, evidence="pin", is_wrong_pin=True)
    # The driver has left the door long ago: it counts as his word, and a person has a look.
    return Judged(
        flags=("pin_wrong",), driver_id=driver_id, evidence="pin", waits=True, is_wrong_pin=True
    )


def _require_own_store(heard: Heard, row: Delivery) -> None:
    desk = sites.desk(heard.device.desk_id or "")
    if desk is None or desk.store_id != row.store_id:
        raise DomainError("other_delivery")


def _clerk_flags(heard: Heard) -> tuple[str, ...]:
    """Flag a clerk who was no longer one, or one of another store."""
    clerk = accounts.clerk(heard.statement.actor_id)
    desk = sites.desk(heard.device.desk_id or "")
    if clerk is None or desk is None or clerk.store_id != desk.store_id:
        return ("actor_unknown",)
    is_removed = clerk.disabled_at is not None and clerk.disabled_at <= heard.statement.occurred_at
    return ("actor_removed",) if is_removed else ()


def _key_at(kid: int, heard: Heard) -> DeviceKey | None:
    """Return a device's key unless it had ended before the statement can have been made."""
    device = accounts.device(kid)
    if device is None:
        return None
    ended = device.retired_at
    if ended is not None and heard.not_before is not None and heard.not_before >= ended:
        return None
    role = KeyRole.DESK if device.kind == "desk" else KeyRole.PHONE
    return DeviceKey(kid=kid, role=role, public_key=bytes.fromhex(device.public_key))


def key_refusal(device: Device, heard: Heard) -> DomainError | None:
    """Return why a retired device's statement does not count by itself, or None.

    Made wholly after the end: refused. It may have been made before: a person has a look.
    """
    ended = device.retired_at
    if ended is None or heard.now <= ended:
        return None
    if heard.not_before is not None and heard.not_before >= ended:
        return DomainError("key_revoked")
    return DomainError("needs_review")
