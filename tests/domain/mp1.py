"""The MP1 vectors, as Python values."""

import json
from pathlib import Path
from typing import Any

from app.domain.tokens import DeviceKey, KeyRole

VECTORS = Path(__file__).parent.parent / "vectors"
MP1: dict[str, Any] = json.loads((VECTORS / "mp1.json").read_text())
TEXTS: dict[str, Any] = json.loads((VECTORS / "mp1_texts.json").read_text())

_ROLES = {"driver": KeyRole.PHONE, "station": KeyRole.DESK, "server": KeyRole.SERVER}


def _device_key(name: str, public_key: str) -> DeviceKey:
    role, kid = name.split(" kid=")
    return DeviceKey(int(kid, 16), _ROLES[role], bytes.fromhex(public_key))


KEYS = {
    key.kid: key
    for key in (_device_key(name, k["pub_uncompressed"]) for name, k in MP1["keys"].items())
}
