"""Keys of phones and tablets, as what they signed is checked by them."""

from app.accounts import queries as accounts
from app.accounts.queries import Device
from app.domain.tokens import DeviceKey, KeyRole


def key_of(device: Device) -> DeviceKey:
    """Return a device's key, also when it is retired: what that means is the caller's to judge."""
    role = KeyRole.DESK if device.kind == "desk" else KeyRole.PHONE
    return DeviceKey(kid=device.kid, role=role, public_key=bytes.fromhex(device.public_key))


def known_key(kid: int) -> DeviceKey | None:
    """Return the key of a device, also when it is retired, or None when it is unknown."""
    device = accounts.device(kid)
    return key_of(device) if device is not None else None


def active_key(kid: int) -> DeviceKey | None:
    """Return the key of an enrolled device, or None when it is unknown or retired."""
    device = accounts.device(kid)
    return key_of(device) if device is not None and device.retired_at is None else None
