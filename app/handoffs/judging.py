"""Judging a statement for one delivery: do its codes hold, and how much do they prove.

Nothing here changes a row. A refusal is returned, not raised: what cannot be believed is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from app.accounts import queries as accounts
from app.accounts.queries import Clerk, Device
from app.deliveries.queries import Delivery
from app.domain.commitments import Opened
from app.domain.errors import DomainError
from app.domain.handoff import (
    LATEST_REPORT,
    ONLINE_WITHIN,
    EvidenceLevel,
    TimeJudgement,
    judge_pair,
    judge_times,
)
from app.domain.pin import MAX_PIN_TRIES, pin_of, pins_match
from app.domain.statement import Statement, StatementType
from app.domain.token_layout import CustomerCode, Presence, Ticket
from app.domain.tokens import (
    DeviceKey,
    KeyRole,
    parse,
    ticket_set_of,
    verify,
    verify_label,
)
from app.domain.visit import brings
from app.handoffs import evidence as codes
from app.handoffs import queries
from app.handoffs.device_keys import known_key
from app.handoffs.policy import approval_of
from app.keys import SERVER_KID, Keys, check_es256
from app.sites import queries as sites

Check = Callable[[bytes, bytes, bytes], bool]
Mac = Callable[[bytes], bytes]

#: What each kind of device can say: a phone for its driver, a tablet for its store.
_SAYS: Final = {
    "phone": frozenset(
        {
            StatementType.PICKED_UP,
            StatementType.DELIVERED,
            StatementType.FAILED,
            StatementType.RETURNED,
            StatementType.CORRECTION,
        }
    ),
    "desk": frozenset({StatementType.RELEASED, StatementType.RETURNED, StatementType.CORRECTION}),
}


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
    #: Whether one of them names a checkpoint that the log never had.
    is_foreign: bool = False

    @property
    def was_offline(self) -> bool:
        """Tell whether the statement waited on its device."""
        return abs(self.now - self.statement.occurred_at) > ONLINE_WITHIN


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
        told_parcels: How many the other side's code names; 0 when it names none.
        is_wrong_pin: A try that counts.
        approval: The right manager's code was told, or a wrong one; None for none.
        is_own: The delivery is the device's business: the statement may leave a trace in its
            history. Not in a stranger's.
    """

    level: EvidenceLevel = EvidenceLevel.E0
    refusal: DomainError | None = None
    flags: tuple[str, ...] = ()
    driver_id: str = ""
    token: tuple[int, str] | None = None
    evidence: str = "assertion"
    told_parcels: int = 0
    is_wrong_pin: bool = False
    approval: bool | None = None
    is_own: bool = True


#: Handoffs at which a manager may have to say yes.
_AT_COUNTER: Final = frozenset({StatementType.PICKED_UP, StatementType.RELEASED})


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
    driver_id = heard.device.person_id or ""
    if heard.statement.type not in _SAYS[heard.device.kind]:
        return Judged(refusal=DomainError("wrong_role"), driver_id=driver_id)
    try:
        judged = judges[heard.statement.type](heard, row, secrets)
    except DomainError as refusal:
        judged = Judged(refusal=refusal, driver_id=driver_id)
    if judged.refusal is None and heard.now - heard.statement.occurred_at > LATEST_REPORT:
        judged = replace(judged, refusal=DomainError("needs_review"))
    flags = [*judged.flags, *_time_flags(heard)]
    approval = None
    if heard.statement.type in _AT_COUNTER:
        approval = approval_of(heard.beside, row)
        flags += ["manager_code_wrong"] if approval is False else []
    # A code's own times may have said the same.
    return replace(judged, flags=tuple(dict.fromkeys(flags)), approval=approval)


def _said(heard: Heard, _row: Delivery, _secrets: Secrets) -> Judged:
    return Judged(driver_id=heard.device.person_id or "")


def _returned(heard: Heard, row: Delivery, secrets: Secrets) -> Judged:
    if heard.device.kind == "phone":
        return _said(heard, row, secrets)
    # The receiver's own signed word.
    return Judged(EvidenceLevel.E2, flags=_clerk_flags(heard), evidence="desk")


def _picked_up(heard: Heard, row: Delivery, secrets: Secrets) -> Judged:
    driver_id = heard.device.person_id or ""
    texts = heard.statement.texts("release_code")
    if texts:
        return _by_release(heard, row, secrets, texts)
    if heard.statement.has("short_code"):
        return Judged(driver_id=driver_id, evidence="short_code")
    if not heard.statement.has("label"):
        return Judged(driver_id=driver_id)
    if _are_all_labels(heard, row, secrets) and _is_near_store(heard, row):
        return Judged(EvidenceLevel.E1, driver_id=driver_id, evidence="label")
    return Judged(driver_id=driver_id, flags=("label_unproved",))


def _by_release(heard: Heard, row: Delivery, secrets: Secrets, texts: list[str]) -> Judged:
    """Judge a collection by the release code that names this delivery."""
    driver_id = heard.device.person_id or ""
    found = [(text, codes.read_release(text)) for text in texts]
    naming = [
        (text, release)
        for text, release in found
        if any(line.handle == row.handle for line in release.deliveries)
    ]
    # Only a code that nobody changed tells which delivery it is for.
    for text, _release in naming[:1] or found:
        verify(parse(text), known_key, secrets.check, KeyRole.DESK)
    if not naming:
        raise DomainError("other_delivery")
    _text, release = naming[0]
    desk = accounts.device(release.kid)
    if release.driver_kid != heard.device.kid:
        raise DomainError("not_addressee")
    codes.require_store(release.kid, row.store_id)
    times = judge_times(release.iat, heard.statement.occurred_at, heard.now)
    if times.verdict == "stale_code":
        raise DomainError("stale_code")
    told = next(line.parcels for line in release.deliveries if line.handle == row.handle)
    flags = list(times.flags)
    if {told, heard.statement.parcels[row.handle]} != {row.parcel_count}:
        flags.append("count_mismatch")
    if _is_over(accounts.clerk_numbered(release.clerk), datetime.fromtimestamp(release.iat, UTC)):
        flags.append("actor_removed")
    return Judged(
        EvidenceLevel.E2,
        _refusal_of(times, desk, heard),
        tuple(flags),
        driver_id,
        (release.kid, release.nonce.hex()),
        "release_code",
        told,
    )


def _refusal_of(times: TimeJudgement, shower: Device | None, heard: Heard) -> DomainError | None:
    """Return why a code that holds does not count by itself: its times, or its device's end."""
    if times.verdict == "review":
        return DomainError("needs_review")
    return key_refusal(shower, heard) if shower is not None else None


def _time_flags(heard: Heard) -> tuple[str, ...]:
    claimed, earliest = heard.statement.occurred_at, heard.not_before
    flags = ["clock_jump"] if heard.statement.clock.jump else []
    if claimed > heard.now + ONLINE_WITHIN:
        flags.append("clock_ahead")
    if earliest is not None and claimed < earliest - ONLINE_WITHIN:
        flags.append("clock_behind")
    if heard.is_foreign:
        flags.append("anchor_unknown")
    return tuple(flags)


def _are_all_labels(heard: Heard, row: Delivery, secrets: Secrets) -> bool:
    """Tell whether the label on every parcel was scanned; one that is not ours is left out."""
    seen: set[int] = set()
    for text in heard.statement.texts("label"):
        try:
            label = verify_label(parse(text), secrets.label_mac)
        except DomainError:
            continue
        if label.handle == row.handle:
            seen.add(label.n)
    return len(seen) >= row.parcel_count


def _is_near_store(heard: Heard, row: Delivery) -> bool:
    geo = heard.beside.get("geo")
    store = sites.store(row.store_id)
    return geo is not None and store is not None and geo.is_near(store.lat, store.lon)


def _released(heard: Heard, row: Delivery, secrets: Secrets) -> Judged:
    """Judge the desk's word that it gave parcels, perhaps with the phone's own code."""
    flags = _clerk_flags(heard)
    texts = heard.statement.texts("presence")
    if not texts:
        return Judged(flags=flags, evidence="desk")
    scanned = parse(texts[0])
    presence = scanned.token
    if not isinstance(presence, Presence):
        raise DomainError("wrong_code_kind", expected="Scan the driver's phone.")
    phone = accounts.device(presence.kid)
    verify(scanned, known_key, secrets.check, KeyRole.PHONE)
    store = sites.store(row.store_id)
    if phone is None or store is None or presence.store != store.number:
        raise DomainError("other_store", store_name=store.name if store else "")
    if brings(presence):
        # "I take nothing away": no proof that parcels were given to this phone.
        raise DomainError("carrier_brings", store_name=store.name)
    tickets = _tickets(heard, presence, secrets)
    if presence.ticket_set not in {ticket_set_of(heard.statement.parcels), ticket_set_of(tickets)}:
        # A part of what the phone had in mind; that its driver has claimed it is checked anyway.
        flags += ("ticket_set_differs",)
    # The parcels are gone: nobody can be asked to scan again, so this is never a stale code.
    times = judge_pair(presence.iat, heard.statement.occurred_at, heard.now)
    told = tickets.get(row.handle, 0)
    if told and told != heard.statement.parcels[row.handle]:
        flags += ("count_mismatch",)
    return Judged(
        EvidenceLevel.E2,
        _refusal_of(times, phone, heard),
        flags + times.flags,
        phone.person_id or "",
        (presence.kid, presence.nonce.hex()),
        "presence",
        told,
    )


def _tickets(heard: Heard, presence: Presence, secrets: Secrets) -> dict[str, int]:
    """Return what the driver's tickets name, handle -> parcels.

    Raises:
        DomainError: As `verify`; `wrong_code_kind`, `not_addressee` for another phone's ticket,
            `ticket_expired` for one that had ended.
    """
    named: dict[str, int] = {}
    for text in heard.statement.texts("ticket"):
        scanned = parse(text)
        ticket = scanned.token
        if not isinstance(ticket, Ticket):
            raise DomainError("wrong_code_kind", expected="Scan the driver's tickets.")
        verify(scanned, lambda _kid: secrets.server_key, secrets.check, KeyRole.SERVER)
        if ticket.driver_kid != presence.kid:
            raise DomainError("not_addressee")
        if datetime.fromtimestamp(ticket.exp, UTC) < heard.statement.occurred_at:
            raise DomainError("ticket_expired")
        named[ticket.handle] = ticket.parcels
    return named


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
        return Judged(EvidenceLevel.E2, None, (), driver_id, token, "customer_code")
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
    # Six digits that never arrived are no guess.
    is_try = told is not None
    if not heard.was_offline:
        refusal = (
            DomainError("pin_wrong", tries_left=left - 1) if left > 1 else DomainError("pin_locked")
        )
        return Judged(refusal=refusal, driver_id=driver_id, evidence="pin", is_wrong_pin=is_try)
    # The driver has left the door long ago: it counts as his word, and a person has a look.
    return Judged(flags=("pin_wrong",), driver_id=driver_id, evidence="pin", is_wrong_pin=is_try)


def _clerk_flags(heard: Heard) -> tuple[str, ...]:
    """Flag a clerk who was no longer one, or one of another store."""
    clerk = accounts.clerk(heard.statement.actor_id)
    desk = sites.desk(heard.device.desk_id or "")
    if clerk is None or desk is None or clerk.store_id != desk.store_id:
        return ("actor_unknown",)
    return ("actor_removed",) if _is_over(clerk, heard.statement.occurred_at) else ()


def _is_over(clerk: Clerk | None, at: datetime) -> bool:
    """Tell whether a clerk had no access any more."""
    return clerk is not None and clerk.disabled_at is not None and clerk.disabled_at <= at


def key_refusal(device: Device, heard: Heard) -> DomainError | None:
    """Return why what a retired device has signed does not count by itself, or None.

    Made wholly after the end: refused. It may have been made before: a person has a look.
    """
    ended = device.retired_at
    if ended is None or heard.now <= ended:
        return None
    if heard.not_before is not None and heard.not_before >= ended:
        return DomainError("key_revoked")
    return DomainError("needs_review")
