"""Mallrun: same-day delivery from the shops of a mall."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: "Settings") -> "Flask":
    """Return a wired application; starts nothing and opens no port.

    Raises:
        KeyFileError: When the master key is missing or open to others.
    """
    # Here, not above: the rules in `domain` must be importable with nothing but Python.
    from app import wiring  # noqa: PLC0415

    return wiring.wire(settings)
