"""Letting what is due happen, and looking at what was noted and what arrived."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from app import clock
from app.jobs import mails, worker
from app.jobs.models import Job
from app.persistence.transaction import session
from tests import merchants
from tests.api.conftest import ordered
from tests.factories import Mall, copy_of
from tests.merchants import Merchant, Program
from tests.webhooks import subscribing
from tests.webhooks.receiver import Receiver, answer
from tests.webhooks.subscribing import subscribed


def stopped(mall: Mall, shop: Program, receiver: Receiver) -> str:
    """Let a webhook be stopped because its receiver says that it is gone; return its id."""
    made = subscribed(shop, receiver)
    receiver.script = lambda *_: answer(410)
    ordered(shop)
    subscribing.send(mall)
    return made["id"]


def send(mall: Mall, *, after: timedelta = timedelta()) -> None:
    """Let the mails go that are due."""
    with mall.app.app_context(), clock.frozen(clock.now() + after):
        worker.run_due(mails.HANDLERS, apart=True)


def noted(mall: Mall) -> list[Any]:
    with mall.reading():
        query = select(Job).where(Job.kind == "send_mail").order_by(Job.created_at, Job.id)
        return [copy_of(row) for row in session().scalars(query)]


def address(mall: Mall, who: Merchant) -> str:
    return merchants.email_of(mall, who.person_id)


def body(mail: EmailMessage, kind: str = "plain") -> str:
    """Return what a mail says, as text or as HTML."""
    part = mail.get_body((kind,))
    assert part is not None
    return part.get_content()
