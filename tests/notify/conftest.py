from collections.abc import Iterator

import pytest
from flask import Flask

from tests import factories, merchants
from tests.factories import Mall
from tests.merchants import Merchant, Program
from tests.notify.mail_server import Inbox, listening
from tests.webhooks.receiver import Receiver, echoing
from tests.webhooks.subscribing import a_shop


@pytest.fixture
def mall(app: Flask) -> Mall:
    """A mall in a database of its own: what is due is sent, whoever's it is."""
    return factories.a_mall(app)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with echoing() as found:
        yield found


@pytest.fixture
def inbox(mall: Mall, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """The operator's mail server."""
    with listening() as found:
        monkeypatch.setitem(mall.app.extensions, "mallrun_mail", found.post())
        yield found


@pytest.fixture
def shop(mall: Mall, monkeypatch: pytest.MonkeyPatch) -> Program:
    return a_shop(mall, monkeypatch)


@pytest.fixture
def mia(mall: Mall) -> Merchant:
    """Somebody of Lumen's, with an address."""
    return merchants.signed_in(mall, mall.store)
