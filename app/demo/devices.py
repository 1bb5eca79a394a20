"""Devices of simulated people. Their keys are derived, so that nothing of them needs to be kept."""

import secrets
from datetime import datetime

from app.accounts import devices
from app.accounts import queries as accounts
from app.accounts.queries import Device
from app.demo.tools import DemoTools
from app.domain.tokens import NO_ANCHOR, Release, ReleasedDelivery, encode, signed_bytes
from app.keys import Keys, check_es256, keys_from_master, public_bytes, sign_es256
from app.sites import queries as sites


def phone_of(driver_id: str, tools: DemoTools, *, now: datetime) -> int:
    """Return the key id of a driver's phone; a driver without one gets a simulated phone."""
    phone = accounts.active_phone(driver_id)
    if phone is not None:
        return phone.kid
    signer = _signer(f"demo-phone/{driver_id}", tools)
    challenge = secrets.token_hex(16)
    enrolled = devices.enrol_phone(
        driver_id,
        public_key=signer.server_public,
        challenge=challenge,
        signature=signer.sign(challenge.encode()),
        check=check_es256,
        now=now,
    )
    return enrolled.kid


def desk_of(store_id: str, tools: DemoTools, *, now: datetime) -> Device | None:
    """Return a store's simulated tablet, enrolled now if no desk has one.

    None where a real tablet stands: its key is not ours to sign with.
    """
    desks = sites.desks_of_store(store_id)
    enrolled = accounts.active_desk_devices([desk.id for desk in desks])
    if not desks or not all(is_simulated(device, tools.keys) for device in enrolled.values()):
        return None
    found = next(iter(enrolled.values()), None)
    if found is None:
        signer = _signer(f"demo-desk/{desks[0].id}", tools)
        code = devices.make_desk_enrolment(desks[0].id, now=now)
        found, _ = devices.enrol_desk(code, public_key=signer.server_public, now=now)
    return found


def is_simulated(device: Device, keys: Keys) -> bool:
    """Tell whether a desk's tablet is a simulated one."""
    private = keys_from_master(keys.derive(f"demo-desk/{device.desk_id}")).server_private
    return device.public_key == public_bytes(private).hex()


def release_code(
    desk: Device,
    *,
    driver_kid: int,
    clerk_number: int,
    deliveries: tuple[ReleasedDelivery, ...],
    tools: DemoTools,
    now: datetime,
) -> tuple[str, str]:
    """Return the code that a simulated tablet shows, and its nonce in hex."""
    nonce = secrets.token_bytes(8)
    token = Release(
        kid=desk.kid,
        iat=int(now.timestamp()),
        anchor=NO_ANCHOR,
        nonce=nonce,
        clerk=clerk_number,
        driver_kid=driver_kid,
        deliveries=deliveries,
    )
    private = _signer(f"demo-desk/{desk.desk_id}", tools).server_private
    return encode(token, sign_es256(private, signed_bytes(token))), nonce.hex()


def _signer(purpose: str, tools: DemoTools) -> Keys:
    # Derived bytes serve as a master key of their own: its ES256 key is the device's.
    return keys_from_master(tools.keys.derive(purpose))
