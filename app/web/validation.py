"""What every request body has in common: strict types, no unknown fields, clean short texts."""

import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Final, TypeVar

from flask import request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from app.domain.delivery import INSTRUCTIONS_MAX, LINE_MAX, NAME_MAX
from app.domain.errors import DomainError
from app.persistence.ids import is_uuid7

#: Outside of this an instant is a mistake, and tokens, whose times have 32 bits, could not say it.
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_LINE_BREAKS: Final = frozenset("\n\r\t")
#: Characters that turn the direction of what stands behind them, also of the words beside a name:
#: "12 parcels" would be read as "21". Languages that are written from the right need none of them.
_TURNING: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def _one_line(text: str) -> str:
    # What is printable has none of them: seen in one call, where letter by letter is the most of
    # what checking a table costs.
    if not text.isprintable() and any(
        unicodedata.category(letter) in {"Cc", "Cs"} for letter in text
    ):
        message = "control characters are not allowed here"
        raise ValueError(message)
    return _straight(text)


def _straight(text: str) -> str:
    """Return a text without characters that turn the words beside it."""
    if text.isprintable():
        return text
    straight = text.translate(_TURNING)
    if text and not straight.strip():
        message = "a name or text is needed here"
        raise ValueError(message)
    return straight


def storable_text(text: str) -> str:
    """Refuse control characters other than line breaks and tabs; some databases cannot keep NUL.

    The text is returned as it is: what a device has signed must not be changed, and a note stands
    in a paragraph of its own.
    """
    if any(
        unicodedata.category(letter) in {"Cc", "Cs"} and letter not in _LINE_BREAKS
        for letter in text
    ):
        message = "control characters are not allowed here"
        raise ValueError(message)
    return text


def _uuid7(text: str) -> str:
    if not is_uuid7(text):
        message = "must be a UUIDv7 in lower case"
        raise ValueError(message)
    return text


def _storable(instant: datetime) -> datetime:
    if not _EARLIEST <= instant.replace(tzinfo=UTC) <= _LATEST:
        message = "must be between the years 2000 and 2100"
        raise ValueError(message)
    return instant.astimezone(UTC)


#: Digits with whatever people write between them.
_PHONE: Final = r"\+?[0-9 ().\-]{5,30}"
_Strip: Final = StringConstraints(strip_whitespace=True, max_length=LINE_MAX)

Line = Annotated[str, _Strip, AfterValidator(_one_line)]
RequiredLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_MAX),
    AfterValidator(_one_line),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_MAX),
    AfterValidator(_one_line),
]
Note = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=INSTRUCTIONS_MAX),
    AfterValidator(storable_text),
]
Instant = Annotated[AwareDatetime, AfterValidator(_storable)]
CommandId = Annotated[str, AfterValidator(_uuid7)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=rf"^{_PHONE}$")]
PhoneOrNothing = Annotated[str, StringConstraints(strip_whitespace=True, pattern=rf"^({_PHONE})?$")]
#: What a camera read: checked by the token grammar, only bounded here.
CodeText = Annotated[str, StringConstraints(max_length=5_000)]


class Body(BaseModel):
    """A request body: strict types, unknown fields refused, never changed after parsing."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Command(Body):
    """A command's body: an id made where the command was born, and when that was."""

    command_id: CommandId
    occurred_at: Instant


class PositionBody(Body):
    """Where a device says it is."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    accuracy_m: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


#: No command is larger than this; photos travel as forms.
JSON_MAX_BYTES: Final = 64 * 1024

BodyType = TypeVar("BodyType", bound=Body)


def parse_body(model: type[BodyType], *, max_bytes: int = JSON_MAX_BYTES) -> BodyType:
    """Parse the request's JSON body of at most `max_bytes`.

    Raises:
        DomainError: `unsupported_media_type`.
        werkzeug.exceptions.RequestEntityTooLarge: Answered as `payload_too_large`.
        pydantic.ValidationError: Answered as `invalid_input` with the place of each mistake.
    """
    request.max_content_length = max_bytes
    if request.mimetype != "application/json":
        raise DomainError("unsupported_media_type")
    return model.model_validate_json(request.get_data(cache=False))
