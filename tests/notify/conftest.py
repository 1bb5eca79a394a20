from collections.abc import Iterator

import pytest
from flask import Flask

from app.webhooks.outgoing import Sender
from tests import factories, merchants
from tests.factories import Mall
from tests.merchants import Merchant, Program
from tests.notify.mail_server import Inbox, listening
from tests.webhooks.receiver import Receiver
from tests.webhooks.receiver import listening as receiving


@pytest.fixture
def mall(app: Flask) -> Mall:
    """A mall in a database of its own: what is due is sent, whoever's it is."""
    return factories.a_mall(app)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        found.echo()
        yield found


@pytest.fixture
def inbox(mall: Mall, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """The operator's mail server."""
    with listening() as found:
        monkeypatch.setitem(mall.app.extensions, "mallrun_mail", found.post())
        yield found


@pytest.fixture
def shop(mall: Mall, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Lumen's program; webhooks may go to this machine."""
    sender = Sender(allows_loopback=True, timeout_s=1.0)
    monkeypatch.setitem(mall.app.extensions, "mallrun_webhooks", sender)
    return merchants.a_key(mall, mall.store)


@pytest.fixture
def mia(mall: Mall) -> Merchant:
    """Somebody of Lumen's, with an address."""
    return merchants.signed_in(mall, mall.store)
