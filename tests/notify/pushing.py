"""Letting phones take messages, and looking at what arrived on them."""

from datetime import timedelta
from typing import Any

from app import clock
from app.accounts import queries as accounts
from app.accounts.sessions import token_hash
from app.jobs import handlers, worker
from app.notify import pushes
from tests.factories import Mall
from tests.notify.browsers import Phone
from tests.personas import Driver
from tests.webhooks.receiver import Receiver


def takes_messages(driver: Driver, receiver: Receiver) -> Phone:
    """Let a driver's phone take messages through a service on this machine."""
    phone = Phone()
    with driver.mall.writing():
        signed_in = accounts.live_session(token_hash(driver.token))
        assert signed_in is not None
        pushes.subscribe(
            driver.person_id,
            signed_in.id,
            address=f"{receiver.url}/{driver.person_id}",
            public_key=phone.public,
            auth=phone.auth,
            now=clock.now(),
        )
    return phone


def lets_jobs_run(mall: Mall, *, after: timedelta = timedelta()) -> None:
    """Let what is due happen; what is due for phones last."""
    with mall.app.app_context(), clock.frozen(clock.now() + after):
        worker.run_due(handlers.HANDLERS, limit=100)
        worker.run_due(handlers.HANDLERS, limit=100, apart=True)


def read(receiver: Receiver, driver: Driver, phone: Phone) -> list[dict[str, Any]]:
    """Return what a driver's phone was told."""
    mine = [each for each in receiver.requests if driver.person_id in each.head]
    return [phone.reads(each.body) for each in mine]
