"""Enrolling the devices that sign: a phone after login, a desk's tablet by a one-time code."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update

from app.accounts.models import DeskEnrolment, Device
from app.accounts.sessions import NewSession, end_sessions, open_session, token_hash
from app.domain.errors import DomainError
from app.persistence.numbers import free_number
from app.persistence.transaction import session

ENROLMENT_LIFE: Final = timedelta(minutes=10)
#: Crockford letters and digits: nothing that can be misread from one screen to another.
_CODE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = 10


def enrol_phone(
    person_id: str,
    *,
    public_key: bytes,
    challenge: str,
    signature: bytes,
    check: Callable[[bytes, bytes, bytes], bool],
    now: datetime,
) -> Device:
    """Make a phone the driver's active one; the phone before it is retired.

    Args:
        person_id: The driver.
        public_key: Uncompressed P-256 point, 65 bytes.
        challenge: The server's own challenge, checked for age and owner by the edge.
        signature: ES256 over the challenge's UTF-8 bytes, 64 bytes.
        check: `keys.check_es256`.
        now: The present, UTC.

    Raises:
        DomainError: `device_key_invalid`.
    """
    if not check(public_key, signature, challenge.encode()):
        raise DomainError("device_key_invalid")
    retire_phone(person_id, now=now)
    row = Device(
        kid=free_number(Device.kid),
        kind="phone",
        public_key=public_key.hex(),
        person_id=person_id,
        created_at=now,
    )
    session().add(row)
    session().flush()
    return row


def retire_phone(person_id: str, *, now: datetime) -> None:
    """End a driver's active phone: codes made for it are refused from now on."""
    session().execute(
        update(Device)
        .where(Device.person_id == person_id, Device.kind == "phone", Device.retired_at.is_(None))
        .values(retired_at=now)
    )


def make_desk_enrolment(desk_id: str, *, now: datetime) -> str:
    """Make the code that turns a tablet into this desk, for ten minutes; earlier codes stop."""
    session().execute(
        update(DeskEnrolment)
        .where(DeskEnrolment.desk_id == desk_id, DeskEnrolment.used_at.is_(None))
        .values(used_at=now)
    )
    code = "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH))
    session().add(
        DeskEnrolment(code_hash=token_hash(code), desk_id=desk_id, expires_at=now + ENROLMENT_LIFE)
    )
    session().flush()
    return code


def normalise_code(typed: str) -> str:
    """Return a typed enrolment code as it was made.

    Capitals, no spaces or dashes, letters that are easily misread mapped to digits.
    """
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return plain.replace("O", "0").replace("I", "1").replace("L", "1")


def enrol_desk(typed_code: str, *, public_key: bytes, now: datetime) -> tuple[Device, NewSession]:
    """Turn the asking tablet into the desk of a code.

    The tablet before it is retired and signed out.

    Raises:
        DomainError: `enrolment_unknown`, `enrolment_expired`.
    """
    code_hash = token_hash(normalise_code(typed_code))
    found = session().get(DeskEnrolment, code_hash)
    if found is None:
        raise DomainError("enrolment_unknown")
    used = (
        session()
        .execute(
            update(DeskEnrolment)
            .where(
                DeskEnrolment.code_hash == code_hash,
                DeskEnrolment.used_at.is_(None),
                DeskEnrolment.expires_at > now,
            )
            .values(used_at=now)
            .returning(DeskEnrolment.desk_id)
            .execution_options(synchronize_session=False)
        )
        .first()
    )
    if used is None:
        raise DomainError("enrolment_expired")
    retire_desk_device(used.desk_id, now=now)
    row = Device(
        kid=free_number(Device.kid),
        kind="desk",
        public_key=public_key.hex(),
        desk_id=used.desk_id,
        created_at=now,
    )
    session().add(row)
    session().flush()
    return row, open_session("desk", now=now, desk_id=used.desk_id)


def retire_desk_device(desk_id: str, *, now: datetime) -> None:
    """End a desk's tablet: its key signs no more, its sessions and its clerk's end."""
    session().execute(
        update(Device)
        .where(Device.desk_id == desk_id, Device.kind == "desk", Device.retired_at.is_(None))
        .values(retired_at=now)
    )
    end_sessions(now=now, desk_id=desk_id)
