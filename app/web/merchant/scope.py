"""Which merchant a signed-in person acts for. Everything of others does not exist for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import request

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.errors import DomainError
from app.sites import queries as sites
from app.web.auth.identity import signed_in

#: Which of several merchants the pages of this browser are about.
CHOICE: Final = "mallrun_acts_for"
ROLES: Final = frozenset({"merchant"})


@dataclass(frozen=True, slots=True)
class Me:
    """The person and the merchant they act for."""

    person_id: str
    merchant_id: str
    merchant_name: str


def me() -> Me:
    """Return whom this request's person acts for: the chosen merchant, else the first by name.

    Raises:
        DomainError: `not_signed_in`; `not_found` without any merchant.
    """
    found = mine()
    if not found:
        raise DomainError("not_found")
    chosen = request.cookies.get(CHOICE)
    # A cookie can say anything: it only chooses among the person's own.
    return next((each for each in found if each.merchant_id == chosen), found[0])


def mine() -> list[Me]:
    """Return every merchant that this request's person may act for, by name.

    Raises:
        DomainError: `not_signed_in`.
    """
    person_id = signed_in().person_id
    if person_id is None:
        raise DomainError("not_signed_in")
    ids = {scope_id for role, scope_id in accounts.roles_of(person_id) if role == "merchant"}
    found = [row for row in map(sites.merchant, ids) if row is not None]
    rows = sorted(found, key=lambda row: (row.name, row.id))
    return [Me(person_id, row.id, row.name) for row in rows]


def as_me(now: datetime) -> Act:
    """Return the circumstances of what this person does now."""
    return Act(f"merchant:{me().person_id}", now, now)


def my_delivery(delivery_id: str) -> Delivery:
    """Return a delivery of this person's merchant.

    Raises:
        DomainError: `not_found`, also for one of somebody else.
    """
    row = deliveries.delivery(delivery_id)
    if row is None or row.merchant_id != me().merchant_id:
        raise DomainError("not_found")
    return row
