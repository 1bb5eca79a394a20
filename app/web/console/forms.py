"""The console's forms: what was typed is checked, then carried out or explained in place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, Literal, TypeVar

from flask import request
from pydantic import AfterValidator, Field, StringConstraints, ValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app import clock
from app.domain.delivery import INSTRUCTIONS_MAX, CancelReason
from app.domain.errors import DomainError
from app.persistence.transaction import transaction
from app.web.commands import TRIES
from app.web.problems import words_of
from app.web.texts import N_
from app.web.texts import gettext as _
from app.web.validation import Body, Name, Note, storable_text

PASSWORD_MIN: Final = 12
PASSWORD_MAX: Final = 200

#: One sentence, kept with the decision; shorter is no reason.
REASON_MIN: Final = 3
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=REASON_MIN, max_length=INSTRUCTIONS_MAX),
    AfterValidator(storable_text),
]

SixDigits = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{6}$", max_length=6)
]


class DeskForm(Body):
    """A new counter."""

    desk_name: Name


class ClerkForm(Body):
    """A new clerk."""

    first_name: Name
    code: SixDigits


class CodeForm(Body):
    """Another code for a clerk."""

    code: SixDigits


class ReasonForm(Body):
    """Why somebody overrules what would happen by itself."""

    reason: Reason


class CancelForm(Body):
    """Why a delivery is cancelled: a reason that the customer is told, and a note that stays."""

    cause: Annotated[CancelReason, Field(strict=False)]
    note: Note


class RulingForm(Body):
    """Who has parcels: `has` or `has_not` with a driver's id, and why."""

    choice: Annotated[str, StringConstraints(pattern=r"^(has|has_not):per_[a-z2-7]{26}$")]
    reason: Reason


class VerdictForm(Body):
    """Whether a doubtful statement counts, and why."""

    counts: Literal["yes", "no"]
    reason: Reason


class GiveForm(Body):
    """To which driver a run goes, and why."""

    driver: Annotated[str, StringConstraints(pattern=r"^per_[a-z2-7]{26}$")]
    reason: Reason


class ShowForm(Body):
    """Nothing to type: drivers are to see a run now."""


class PasswordForm(Body):
    """A password chosen with a one-time link."""

    password: Annotated[str, StringConstraints(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]


_WRONG: Final = {
    "desk_name": N_("Enter a name on one line, at most 120 characters."),
    "first_name": N_("Enter a first name on one line, at most 120 characters."),
    "code": N_("Enter six digits, for example 204816."),
    "reason": N_("Say why in a few words, at most 500 characters."),
    "cause": N_("Choose why."),
    "note": N_("Enter at most 500 characters."),
    "choice": N_("Choose who has the parcels."),
    "counts": N_("Choose whether it counts."),
    "driver": N_("Choose a driver."),
    "minimum_level": N_("Choose a level."),
    "limit": N_("Enter an amount such as 250 or 249.90, or nothing."),
    "manager_code": N_("Enter six digits, or nothing to keep the code there is."),
    "kind": N_("Choose what kind of place it is."),
    "site_name": N_("Enter a name on one line, at most 120 characters."),
    "city": N_("Enter a name on one line, at most 120 characters."),
    "state": N_("Enter a state or region, for example AZ."),
    "timezone": N_("Choose a time zone from the list, for example America/Phoenix."),
    "point": N_("Enter latitude and longitude in degrees, for example 33.3006, -111.8996."),
    "parking": N_("Enter latitude and longitude in degrees, or nothing."),
    "parking_note": N_("Enter at most 500 characters."),
    "entrance_name": N_("Enter a name, for example South entrance."),
    "entrance": N_("Enter latitude and longitude in degrees, or nothing."),
    "entrance_note": N_("Enter at most 500 characters."),
    "entrance_floor": N_("Enter a whole number: 0 is at ground level, 1 above it, -1 below it."),
    "showing": N_("Choose when drivers see a run."),
    "dispatcher_phone": N_(
        "Enter a phone number, for example +1 480 555 0101, or nothing where nobody can be called."
    ),
    "roads": N_("Choose what roads there are around it."),
    "store_name": N_("Enter a name on one line, at most 120 characters."),
    "merchant": N_("Enter a name on one line, at most 120 characters."),
    "floor": N_("Enter a whole number: 0 is at ground level, 1 above it, -1 below it."),
    "floor_name": N_("Enter what the signs say, for example Level 2."),
    "unit": N_("Enter at most 200 characters on one line."),
    "counter_note": N_("Enter at most 500 characters."),
    "counter": N_("Enter latitude and longitude in degrees, or nothing."),
    "on_day": N_("Enter a day, for example 2026-12-24."),
    "from_time": N_("Enter a time, for example 16:00."),
    "until_time": N_("Enter a time, for example 20:00."),
    "places": N_("Enter a whole number from 1 to 500."),
    "hourly": N_("Enter an amount such as 20 or 19.50."),
    "return_hours": N_("Enter whole hours from 1 to 168."),
    "url": N_("Enter an https address, at most 500 characters."),
    "payload": N_("Choose what the messages say."),
    "hours": N_("Choose how far back."),
    "person_name": N_("Enter a name on one line, at most 120 characters."),
    "email": N_("Enter an e-mail address."),
    "key_name": N_("Enter a name on one line, at most 120 characters."),
    "mode": N_("Choose what the key is for."),
    "scopes": N_("Choose at least one thing that it may do."),
    "networks": N_("Enter addresses or networks such as 203.0.113.0/24, or nothing."),
    "phone": N_("Enter a phone number, for example +1 480 555 0101."),
    "street": N_("Enter street and number, for example 123 N Dobson Rd."),
    "apartment": N_("Enter at most 200 characters on one line."),
    "instructions": N_("Enter at most 500 characters."),
    "password": N_("Choose at least 12 and at most 200 characters."),
}
#: Refusals that belong to one field of a form.
_FIELD_OF: Final = {
    "clerk_code_taken": "code",
    "invalid_input": "code",
    "manager_code_missing": "manager_code",
    "webhook_address": "url",
    "checkout_address_unknown": "street",
}

FormType = TypeVar("FormType", bound=Body)


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that was not carried out: what was typed, and why not, by field.

    `form` names the form on its page; errors of the whole form stand under an empty name.
    """

    form: str
    typed: dict[str, str] = field(default_factory=dict[str, str])
    errors: dict[str, str] = field(default_factory=dict[str, str])


def submit(
    model: type[FormType], effect: Callable[[FormType, datetime], object], *, about: str = ""
) -> Failed | None:
    """Check the posted form and carry it out in one transaction; return why not, or None.

    Args:
        model: Names the fields to take from the form.
        effect: Calls one service with the values and the present.
        about: Tells forms of one kind on one page apart.
    """
    name = form_name(model, about)
    # Boxes of one name come as several values.
    typed = {each: " ".join(request.form.getlist(each)) for each in model.model_fields}
    try:
        values = model.model_validate(typed)
    except ValidationError as error:
        wrong = {str(each["loc"][0]) for each in error.errors(include_url=False)}
        return Failed(name, typed, {each: _(_WRONG[each]) for each in wrong})
    try:
        carry_out(lambda now: effect(values, now))
    except DomainError as refusal:
        if refusal.code == "not_found":
            raise
        words = words_of(refusal.code, dict(refusal.facts))
        text = f"{words['detail']} {words['next_step']}"
        place = _FIELD_OF.get(refusal.code, "")
        return Failed(name, typed, {place if place in typed else "": text})
    return None


def form_name(model: type[Body], about: str = "") -> str:
    """Return the name of a form on its page."""
    return f"{model.__name__}-{about}" if about else model.__name__


def carry_out(effect: Callable[[datetime], object]) -> None:
    """Carry out a step in one transaction, again on fresh rows when somebody was first.

    Raises:
        DomainError: Answered as a page.
    """
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            with transaction():
                effect(clock.now())
        except (StaleDataError, IntegrityError, OperationalError):
            if last:
                raise
        else:
            return
