"""Every JSON body that the product takes, once, well-formed: `(who, path, fields)`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from app import clock
from tests.factories import CLEOS_ORDER
from tests.places import DOOR

RUN = "run_aaaaaaaaaaaaaaaaaaaaaaaaaa"
PROPOSAL = "ord_aaaaaaaaaaaaaaaaaaaaaaaaaa"
BLOCK = "blk_aaaaaaaaaaaaaaaaaaaaaaaaaa"
VISIT = "vis_aaaaaaaaaaaaaaaaaaaaaaaaaa"
STOP = "stp_aaaaaaaaaaaaaaaaaaaaaaaaaa"
DELIVERY = "dlv_aaaaaaaaaaaaaaaaaaaaaaaaaa"
KEY = "04" + "ab" * 64
PUSHED_TO = "https://fcm.googleapis.com/fcm/send/abc"
#: A browser's key: the one of RFC 8291's example.
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
HERE = {"lat": DOOR[0], "lon": DOOR[1], "accuracy_m": 9.0}


def placing() -> dict[str, Any]:
    """Return what a clerk types for a new delivery."""
    now = clock.now()
    return CLEOS_ORDER | {
        "ready_at": (now + timedelta(minutes=5)).isoformat(),
        "window_from": now.isoformat(),
        "window_until": (now + timedelta(hours=3)).isoformat(),
        "proof": "pin",
        "value_minor": 4900,
    }


#: Of the driver's app: path below /driver/api, and the fields that the command adds to every body.
DRIVER: dict[str, dict[str, Any]] = {
    "device": {"public_key": KEY, "challenge": "abc", "signature": "A" * 86},
    "duty": {"on_duty": True, "site_id": "sit_aaaaaaaaaaaaaaaaaaaaaaaaaa"},
    "push": {"address": PUSHED_TO, "public_key": POINT, "auth": "A" * 22},
    "push/end": {"address": PUSHED_TO},
    "shift": {"shift_until": None, "vehicle_class": "van"},
    f"runs/{RUN}/ask": {"position": HERE},
    f"runs/{RUN}/withdraw": {},
    f"runs/{RUN}/claim": {},
    f"runs/{RUN}/release": {"reason": "mistake", "note": "Flat tyre"},
    f"stops/{STOP}/arrive": {"position": HERE},
    f"stops/{STOP}/collect": {
        "epoch": 1,
        "evidence": {"kind": "release_code", "text": "MP1:ABC"},
        "position": HERE,
    },
    f"stops/{STOP}/manager-code": {"code": "999999"},
    f"stops/{STOP}/deliver": {
        "epoch": 1,
        "evidence": {"kind": "photo", "photo_id": "prf_a"},
        "position": None,
    },
    f"stops/{STOP}/fail": {"epoch": 1, "reason": "nobody_home", "note": "Rang twice"},
    f"stops/{STOP}/return": {"epoch": 1, "evidence": {"kind": "assertion", "reason": "Counter"}},
    f"proposals/{PROPOSAL}/take": {},
    f"proposals/{PROPOSAL}/keep": {},
    f"blocks/{BLOCK}/take": {},
    f"blocks/{BLOCK}/return": {},
}
#: Of the desk's app: path below /desk/api.
DESK: dict[str, dict[str, Any]] = {
    "enrol": {"code": "0123456789", "public_key": KEY},
    "sign-in": {"code": "999999"},
    "wrong-codes": {"count": 2},
    "lock": {},
    f"deliveries/{DELIVERY}/pack": {},
    f"deliveries/{DELIVERY}/unpack": {},
    f"deliveries/{DELIVERY}/keep-back": {},
    f"deliveries/{DELIVERY}/cancel": {"reason": "out_of_stock"},
    f"deliveries/{DELIVERY}/link": {},
    f"deliveries/{DELIVERY}/address": {
        "street": "9 Elm St",
        "unit": "",
        "city": "Chandler",
        "postal_code": "85224",
        "lat": DOOR[0],
        "lon": DOOR[1],
    },
    f"parcels/{DELIVERY}/1/take-in": {"text": "1Z999"},
    f"parcels/{DELIVERY}/1/shelve": {"place": "A1"},
    f"parcels/{DELIVERY}/1/sort": {"text": "1Z999"},
    "visits": {"text": "MP1:ABC"},
    f"visits/{VISIT}/end": {},
    "releases": {"run_id": RUN, "token": "MP1:ABC"},
    "manager-code": {"code": "999999"},
    "handovers": {"run_id": RUN, "delivery_ids": [DELIVERY], "nonces": ["ab" * 8]},
    "returns": {"run_id": RUN, "delivery_ids": [DELIVERY]},
}


def all_bodies() -> list[tuple[str, str, dict[str, Any]]]:
    """Return every body with who sends it and where to."""
    desk = {**DESK, "deliveries": placing()}
    return [
        *(("driver", f"/driver/api/{path}", fields) for path, fields in DRIVER.items()),
        *(("desk", f"/desk/api/{path}", fields) for path, fields in desk.items()),
    ]


def texts_in(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every text in a body, as keys and numbers."""
    if isinstance(value, str):
        yield at
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from texts_in(member, (*at, key))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from texts_in(member, (*at, number))


def replaced(value: Any, at: tuple[str | int, ...], by: object) -> Any:
    """Return a copy of a body with one place changed."""
    if not at:
        return by
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = replaced(copy[at[0]], at[1:], by)
    return copy
