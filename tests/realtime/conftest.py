from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.extensions import socketio
from tests import factories
from tests.factories import Mall

Connect = Callable[[str | None], Any]


@pytest.fixture
def mall(app: Flask) -> Mall:
    """A mall on an application of its own: sockets belong to the one that was wired last."""
    return factories.a_mall(app)


@pytest.fixture
def connect(app: Flask) -> Connect:
    """Open a socket with a ticket; the value tells what it hears."""

    def opened(ticket: str | None) -> Any:
        return socketio.test_client(app, auth={"ticket": ticket})

    return opened
