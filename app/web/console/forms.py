"""The console's forms: what was typed is checked, then carried out or explained in place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar

from flask import request
from pydantic import StringConstraints, ValidationError

from app import clock
from app.domain.errors import DomainError
from app.persistence.transaction import transaction
from app.web.problems import words_of
from app.web.texts import N_
from app.web.texts import gettext as _
from app.web.validation import Body, Name

PASSWORD_MIN: Final = 12
PASSWORD_MAX: Final = 200

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


class PasswordForm(Body):
    """A password chosen with a one-time link."""

    password: Annotated[str, StringConstraints(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]


_WRONG: Final = {
    "desk_name": N_("Enter a name on one line, at most 120 characters."),
    "first_name": N_("Enter a first name on one line, at most 120 characters."),
    "code": N_("Enter six digits, for example 204816."),
    "password": N_("Choose at least 12 and at most 200 characters."),
}
#: Refusals that belong to one field of a form.
_FIELD_OF: Final = {"clerk_code_taken": "code", "invalid_input": "code"}

FormType = TypeVar("FormType", bound=Body)


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that was not carried out: what was typed, and why not, by field.

    `form` names the form on its page; errors of the whole form stand under an empty name.
    """

    form: str
    typed: dict[str, str] = field(default_factory=dict[str, str])
    errors: dict[str, str] = field(default_factory=dict[str, str])


def submit(model: type[FormType], effect: Callable[[FormType, datetime], object]) -> Failed | None:
    """Check the posted form and carry it out in one transaction; return why not, or None.

    Args:
        model: Names the fields to take from the form.
        effect: Calls one service with the values and the present.
    """
    typed = {name: request.form.get(name, "") for name in model.model_fields}
    try:
        values = model.model_validate(typed)
    except ValidationError as error:
        wrong = {str(each["loc"][0]) for each in error.errors(include_url=False)}
        return Failed(model.__name__, typed, {name: _(_WRONG[name]) for name in wrong})
    try:
        with transaction():
            effect(values, clock.now())
    except DomainError as refusal:
        if refusal.code == "not_found":
            raise
        words = words_of(refusal.code, dict(refusal.facts))
        text = f"{words['detail']} {words['next_step']}"
        return Failed(model.__name__, typed, {_FIELD_OF.get(refusal.code, ""): text})
    return None


def carry_out(effect: Callable[[datetime], Any]) -> None:
    """Carry out a step without fields in one transaction.

    Raises:
        DomainError: Answered as a page.
    """
    with transaction():
        effect(clock.now())
