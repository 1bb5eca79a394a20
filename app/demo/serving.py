"""What a simulated driver does at a stop: the same commands and evidence as everybody's."""

from typing import Final

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.demo import devices
from app.demo.doorstep import doorstep_photo
from app.demo.tools import DemoTools
from app.domain.act import Act
from app.domain.delivery import ProofKind
from app.domain.pin import MAX_PIN_TRIES, pin_of
from app.domain.run import StopKind
from app.domain.tokens import DeviceKey, KeyRole, ReleasedDelivery
from app.handoffs import collecting, delivering, returning
from app.handoffs.collecting import CodeShown
from app.handoffs.delivering import DoorEvidence, DoorKeys
from app.keys import SERVER_KID, check_es256
from app.runs import progress
from app.runs.queries import Run, Stop

_REASON: Final = "Simulated driver"


def serve(run: Run, stop: Stop, tools: DemoTools, act: Act) -> None:
    """Collect, deliver or give back at a stop where the run's driver has arrived."""
    driver_id = run.driver_id or ""
    if stop.kind == StopKind.PICKUP.value:
        _collect(run, stop, tools, act)
    elif stop.kind == StopKind.DROPOFF.value:
        row = deliveries.delivery(stop.delivery_id or "")
        if row is not None:
            _deliver(run, stop, row, tools, act)
    else:
        returning.give_back(stop.id, reason=_REASON, driver_id=driver_id, epoch=run.epoch, act=act)


def _collect(run: Run, stop: Stop, tools: DemoTools, act: Act) -> None:
    driver_id, store_id = run.driver_id or "", stop.store_id or ""
    rows = progress.deliveries_of_stop(stop)
    desk = devices.desk_of(store_id, tools, now=act.now)
    shown, nonce = CodeShown("assertion", _REASON), ""
    if desk is not None:
        clerks = accounts.clerks_of_store(store_id)
        text, nonce = devices.release_code(
            desk,
            driver_kid=devices.phone_of(driver_id, tools, now=act.now),
            clerk_number=clerks[0].number if clerks else 0,
            deliveries=tuple(ReleasedDelivery(row.handle, row.parcel_count) for row in rows),
            tools=tools,
            now=act.now,
        )
        shown = CodeShown("release_code", text)
    collecting.collect(
        stop.id, shown, driver_id=driver_id, epoch=run.epoch, check=check_es256, act=act
    )
    if desk is not None:
        collecting.give(
            run.id,
            delivery_ids=[row.id for row in rows],
            nonces=[nonce],
            store_id=store_id,
            desk_kid=desk.kid,
            act=act,
        )


def _deliver(run: Run, stop: Stop, row: Delivery, tools: DemoTools, act: Act) -> None:
    driver_id = run.driver_id or ""
    keys = tools.keys
    server_key = DeviceKey(kid=SERVER_KID, role=KeyRole.SERVER, public_key=keys.server_public)
    delivering.deliver(
        stop.id,
        _door_evidence(row, driver_id, tools, act),
        driver_id=driver_id,
        epoch=run.epoch,
        keys=DoorKeys(pin_mac=keys.mac("pin"), server_key=server_key, check=check_es256),
        act=act,
    )


def _door_evidence(row: Delivery, driver_id: str, tools: DemoTools, act: Act) -> DoorEvidence:
    if row.proof == ProofKind.NONE.value:
        return DoorEvidence("none", "")
    if row.proof == ProofKind.PIN.value and row.pin_tries < MAX_PIN_TRIES:
        return DoorEvidence("pin", pin_of(tools.keys.mac("pin"), row.handle, row.pin_version))
    photo = doorstep_photo(row.parcel_count)
    blob_key = tools.blobs.put(photo.jpeg)
    proof_id = delivering.keep_photo(
        photo, blob_key, delivery_id=row.id, driver_id=driver_id, act=act
    )
    return DoorEvidence("photo", proof_id)
