"""Random tokens of every kind; the ends of a range come more often than by chance."""

import random
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from app.domain.tokens import (
    MAX_DELIVERIES,
    CustomerCode,
    Label,
    Presence,
    Release,
    ReleasedDelivery,
    Ticket,
    Token,
)

TWIN_KINDS: dict[type[Token], str] = {
    Presence: "presence",
    Release: "release",
    Ticket: "ticket",
    CustomerCode: "customer",
    Label: "label",
}
_END_SHARE = 0.1


class RandomTokens:
    """Tokens from one seed; the kinds take turns."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - Made-up tokens, not secrets.
        self._made = 0

    def next(self) -> Token:
        """Return another token."""
        makers = (self._presence, self._release, self._ticket, self._customer_code, self._label)
        make: Callable[[], Token] = makers[self._made % len(makers)]
        self._made += 1
        return make()

    def _number(self, bits: int) -> int:
        if self._chance.random() < _END_SHARE:
            return self._chance.choice((0, 1, 2 ** (bits - 1), 2**bits - 1))
        return self._chance.getrandbits(bits)

    def _handle(self) -> str:
        return self._chance.randbytes(8).hex()

    def _header(self) -> dict[str, Any]:
        return {
            "kid": self._number(32),
            "iat": self._number(32),
            "anchor": self._chance.randbytes(8),
            "nonce": self._chance.randbytes(8),
        }

    def _presence(self) -> Presence:
        ticket_set = self._chance.randbytes(4)
        return Presence(**self._header(), store=self._number(32), ticket_set=ticket_set)

    def _release(self) -> Release:
        count = self._chance.randint(1, MAX_DELIVERIES)
        lines = (ReleasedDelivery(self._handle(), self._number(8)) for _ in range(count))
        return Release(
            **self._header(),
            clerk=self._number(32),
            driver_kid=self._number(32),
            deliveries=tuple(lines),
        )

    def _ticket(self) -> Ticket:
        return Ticket(
            **self._header(),
            handle=self._handle(),
            driver_kid=self._number(32),
            store=self._number(32),
            epoch=self._number(16),
            exp=self._number(32),
            parcels=self._number(8),
        )

    def _customer_code(self) -> CustomerCode:
        exp, flags = self._number(32), self._number(8)
        return CustomerCode(**self._header(), handle=self._handle(), exp=exp, flags=flags)

    def _label(self) -> Label:
        return Label(self._handle(), self._number(8), self._number(8))


def as_twin(token: Token) -> dict[str, Any]:
    """Return a token as the TypeScript side holds it."""
    values = {_camel(field.name): getattr(token, field.name) for field in fields(token)}
    return {
        "kind": TWIN_KINDS[type(token)],
        **{name: _twin_value(value) for name, value in values.items()},
    }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def _twin_value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [{"handle": line.handle, "parcels": line.parcels} for line in value]
    return value
