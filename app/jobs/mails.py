"""Writing and sending the mails that are due, in the language of whoever reads them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from flask import current_app, render_template
from flask_babel import force_locale  # pyright: ignore[reportUnknownVariableType]

from app.accounts import queries as accounts
from app.accounts import sessions
from app.accounts.queries import Person
from app.config import Settings
from app.domain.mail import RETRY_AFTER_S
from app.jobs.worker import GivenUpError, outside, retried_after
from app.keys import Keys
from app.notify import service as notify
from app.notify.post import NotSentError, Post, Words
from app.notify.service import Letter
from app.persistence.transaction import session
from app.sites import queries as sites
from app.webhooks import queries as webhooks

_DEFAULT_LANGUAGE: Final = "en"

#: What a mail's templates are given, or None when it is not wanted any more.
Facts = dict[str, Any] | None


@outside
@retried_after(*RETRY_AFTER_S)
def send_mail(
    *, letter: str, person_id: str, about: str, event: str, noted_at: str, now: datetime
) -> None:
    """Send one mail, unless what it tells is over.

    Where the server's last answer is lost it goes again, with the same id: mailboxes that know ids
    show it once.
    """
    post: Post | None = current_app.extensions["mallrun_mail"]
    if post is None:
        message = "there is no mail server any more"
        raise GivenUpError(message)
    due = Letter(letter, person_id, about, event)
    person = accounts.person(person_id)
    facts = _FACTS[letter](due, now) if _may_be_told(person) else None
    if person is None or facts is None:
        return
    address, words = person.email or "", _words(letter, person.language, facts)
    # Ends reading: nothing is held while the mail server takes its time.
    session().rollback()
    at = datetime.fromisoformat(noted_at)
    try:
        post.send(post.written(words, address=address, event=event, person_id=person_id, at=at))
    except NotSentError as error:
        if error.is_final:
            raise GivenUpError(str(error)) from None
        raise


def _may_be_told(person: Person | None) -> bool:
    return person is not None and person.disabled_at is None and bool(person.email)


def _webhook_stopped(due: Letter, _now: datetime) -> Facts:
    endpoint = webhooks.stopped(due.about)
    if endpoint is None or endpoint.trouble_at is None:
        return None
    if due.event != notify.event_of_stop(endpoint.id, endpoint.trouble_at):
        # Repaired, and stopped again: that is told by another mail.
        return None
    owner_id = sites.owner_of_twin(endpoint.merchant_id)
    merchant = sites.merchant(owner_id or endpoint.merchant_id)
    if merchant is None or (notify.MERCHANT, merchant.id) not in accounts.roles_of(due.person_id):
        return None
    return {
        "merchant_name": merchant.name,
        "address": endpoint.url,
        "trouble": endpoint.trouble,
        "is_test": owner_id is not None,
        "link": f"{_public_url()}/merchant/for/{merchant.id}/webhooks/{endpoint.id}",
    }


def _welcome(due: Letter, now: datetime) -> Facts:
    keys: Keys = current_app.extensions["mallrun_keys"]
    token = notify.token_of(due, keys)
    if sessions.link_person(token, now=now) != due.person_id:
        # Used, replaced or too old: it would only lead to a refusal.
        return None
    hours = int(sessions.SIGN_IN_LINK_LIFE.total_seconds() // 3600)
    return {"link": f"{_public_url()}/console/welcome?token={token}", "hours": hours}


_FACTS: Final[Mapping[str, Callable[[Letter, datetime], Facts]]] = {
    notify.WEBHOOK_STOPPED: _webhook_stopped,
    notify.WELCOME: _welcome,
}


def _words(letter: str, language: str | None, facts: dict[str, Any]) -> Words:
    """Return a mail in somebody's language; the first line of its text is the subject."""
    given = {**facts, "language": language or _DEFAULT_LANGUAGE, "installation": _public_url()}
    with force_locale(given["language"]):
        subject, _blank, text = render_template(f"mail/{letter}.txt", **given).partition("\n\n")
        html = render_template(f"mail/{letter}.html", **given)
        return Words(subject.strip(), text, html.strip() + "\n")


def _public_url() -> str:
    settings: Settings = current_app.extensions["mallrun_settings"]
    return settings.public_url


HANDLERS: Final[Mapping[str, Callable[..., None]]] = {notify.SEND: send_mail}
