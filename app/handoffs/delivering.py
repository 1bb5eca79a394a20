"""Parcels from the driver to the customer, or the word that this cannot be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.custody_chain import Json
from app.domain.delivery import DeliveryStatus, Mover, ProofKind
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.handoff import EvidenceLevel
from app.domain.onward import early_s
from app.domain.pin import MAX_PIN_TRIES, pin_of, pins_match
from app.domain.run import FailReason, RunStatus, StopKind
from app.domain.tokens import DeviceKey
from app.eventlog.service import NewEvent, record
from app.handoffs import evidence as codes
from app.handoffs import queries
from app.handoffs.from_driver import handoff_from_driver, refuse_held
from app.handoffs.models import Proof
from app.handoffs.photos import Photo
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import progress
from app.runs.claims import require_held
from app.runs.queries import Run

#: How strong each kind of evidence at a door is: a signed code of the other side, what the customer
#: alone knows or a picture tied to the delivery, and a mere button.
_LEVELS: Final = {
    "customer_code": EvidenceLevel.E2,
    "pin": EvidenceLevel.E2,
    "photo": EvidenceLevel.E1,
    "none": EvidenceLevel.E0,
}


@dataclass(frozen=True, slots=True)
class DoorKeys:
    """What checking evidence at a door needs from the installation's keys."""

    pin_mac: Callable[[bytes], bytes]
    server_key: DeviceKey
    check: codes.Check


@dataclass(frozen=True, slots=True)
class DoorEvidence:
    """What the driver brings as evidence at a door."""

    kind: Literal["customer_code", "pin", "photo", "none"]
    #: The scanned code, the six digits, the proof's id, or empty.
    text: str


def keep_photo(
    photo: Photo,
    blob_key: str,
    *,
    delivery_id: str,
    driver_id: str,
    act: Act,
) -> str:
    """Keep a photo of a delivery that this driver carries; return the proof's id.

    The handoff that it proves comes later.

    Raises:
        DomainError: `not_found` when the delivery is not in the driver's held run.
    """
    row = deliveries.delivery(delivery_id)
    if row is None or row.run_id is None:
        raise DomainError("not_found")
    require_held(row.run_id, driver_id)
    proof = Proof(
        id=new_id("prf"),
        delivery_id=delivery_id,
        driver_id=driver_id,
        blob_key=blob_key,
        sha256=photo.sha256_hex,
        uploaded_sha256=photo.uploaded_sha256,
        width=photo.width,
        height=photo.height,
        taken_at=act.at,
        created_at=act.now,
    )
    session().add(proof)
    session().flush()
    return proof.id


def deliver(
    stop_id: str,
    shown: DoorEvidence,
    *,
    driver_id: str,
    epoch: int,
    keys: DoorKeys,
    act: Act,
) -> str:
    """Hand a delivery to its customer and return the evidence level.

    Raises:
        DomainError: `not_found`, `run_reassigned`, `stop_closed`, `stop_not_next`,
            `delivery_on_hold`, `proof_missing`, `pin_wrong` and `pin_locked` (their counted try is
            kept), and the refusals of a customer code.
    """
    run, row = _at_door(stop_id, driver_id, epoch)
    _require_wanted(row, shown)
    nonce = _check(row, shown, driver_id=driver_id, keys=keys, act=act)
    level = _LEVELS[shown.kind]
    delivery_service.move(row, DeliveryStatus.DELIVERED, Mover.DRIVER, now=act.now)
    handoff = handoff_from_driver(run, row, "dropoff", level, shown.kind, act=act)
    handoff.to_kind, handoff.to_id = "customer", row.id
    handoff.nonce = nonce
    handoff.token = shown.text if shown.kind == "customer_code" else None
    session().add(handoff)
    row.verification = level.value
    session().flush()
    proof = queries.proof(shown.text) if shown.kind == "photo" else None
    if proof is not None:
        proof.handoff_id = handoff.id
    delivery_service.hold_parcels([row.id], holder_kind="customer", holder_id=row.id, now=act.now)
    facts: dict[str, Json] = {
        "level": level.value,
        "evidence": shown.kind,
        "photo_sha256": proof.sha256 if proof else None,
    }
    early = early_s(act.at, row.window_from)
    if early:
        facts["early_s"] = early
    record(
        [
            NewEvent(
                EventType.HANDOFF_DELIVERED, deliveries.subject(row, driver_id=driver_id), facts
            )
        ],
        act=act,
    )
    progress.go_on(run, driver_id=driver_id, act=act)
    return level.value


def fail(
    stop_id: str,
    *,
    reason: FailReason,
    note: str,
    driver_id: str,
    epoch: int,
    act: Act,
) -> None:
    """Record that a delivery could not be handed over; its parcels go back to the store.

    Raises:
        DomainError: `not_found`, `run_reassigned`, `stop_closed`, `stop_not_next`,
            `delivery_on_hold`.
    """
    run, row = _at_door(stop_id, driver_id, epoch)
    delivery_service.move(row, DeliveryStatus.ENROUTE_TO_RETURN, Mover.DRIVER, now=act.now)
    session().flush()
    record(
        [
            NewEvent(
                EventType.HANDOFF_FAILED,
                deliveries.subject(row, driver_id=driver_id),
                {"reason": reason.value},
                {"note": note} if note else None,
            )
        ],
        act=act,
    )
    progress.go_on(run, driver_id=driver_id, act=act)


def _at_door(stop_id: str, driver_id: str, epoch: int) -> tuple[Run, Delivery]:
    run, stop = progress.stop_of_driver(stop_id, driver_id, epoch=epoch)
    row = deliveries.delivery(stop.delivery_id) if stop.delivery_id else None
    if row is None or stop.kind != StopKind.DROPOFF.value:
        raise DomainError("not_found")
    if run.status != RunStatus.DELIVERING.value:
        raise DomainError("stop_not_next")
    refuse_held([row])
    return run, row


def _require_wanted(row: Delivery, shown: DoorEvidence) -> None:
    """Refuse evidence that the store did not ask for.

    A signed customer code is better than anything; a photo stands in for a locked PIN.
    """
    wanted = ProofKind(row.proof)
    if shown.kind == "customer_code" or wanted is ProofKind.NONE:
        return
    is_pin_locked = row.pin_tries >= MAX_PIN_TRIES
    if wanted is ProofKind.PIN and shown.kind == "pin":
        return
    if shown.kind == "photo" and (wanted is ProofKind.PHOTO or is_pin_locked):
        return
    if wanted is ProofKind.PIN and is_pin_locked:
        raise DomainError("pin_locked")
    raise DomainError(
        "proof_missing", proof="the customer's PIN" if wanted is ProofKind.PIN else "a photo"
    )


def _check(
    row: Delivery, shown: DoorEvidence, *, driver_id: str, keys: DoorKeys, act: Act
) -> str | None:
    if shown.kind == "customer_code":
        return codes.check_customer_code(
            shown.text, handle=row.handle, server_key=keys.server_key, check=keys.check, now=act.now
        )
    if shown.kind == "pin":
        _check_pin(row, shown.text, driver_id=driver_id, keys=keys, act=act)
    if shown.kind == "photo":
        proof = queries.proof(shown.text)
        if (
            proof is None
            or proof.delivery_id != row.id
            or proof.driver_id != driver_id
            or proof.handoff_id
        ):
            raise DomainError("proof_missing", proof="a photo")
    return None


def _check_pin(row: Delivery, typed: str, *, driver_id: str, keys: DoorKeys, act: Act) -> None:
    if row.pin_tries >= MAX_PIN_TRIES:
        raise DomainError("pin_locked")
    if pins_match(typed, pin_of(keys.pin_mac, row.handle, row.pin_version)):
        return
    row.pin_tries += 1
    session().flush()
    left = MAX_PIN_TRIES - row.pin_tries
    record(
        [
            NewEvent(
                EventType.PIN_REFUSED,
                deliveries.subject(row, driver_id=driver_id),
                {"tries_left": left},
            )
        ],
        act=act,
    )
    raise DomainError("pin_wrong", tries_left=left) if left else DomainError("pin_locked")
