"""Telling drivers' locked phones what they should know, in the language they read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_time
from babel.numbers import format_currency
from flask import current_app, render_template
from flask_babel import force_locale  # pyright: ignore[reportUnknownVariableType]

from app.accounts import queries as accounts
from app.domain.push import LIFE_S, RETRY_AFTER_S, PushKind
from app.jobs.worker import GivenUpError, outside, retried_after
from app.keys import Keys
from app.notify import pushes
from app.persistence.transaction import session, transaction
from app.push_sealing import Browser, authorisation, padded, sealed, signing_key
from app.runs import calling
from app.runs import queries as runs
from app.runs.queries import Run
from app.sites import queries as sites
from app.webhooks.outgoing import Sender

VERSION: Final = 1
_DEFAULT_LANGUAGE: Final = "en"
#: One place on the screen for all new runs.
_OFFERS: Final = "offers"
#: The browser is subscribed no more, or for another key than ours.
_ENDED: Final = frozenset({401, 403, 404, 410})
_TOO_MANY: Final = 429

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PushService:
    """How this installation reaches browsers.

    Attributes:
        sender: Sends under the policy for addresses that others have chosen.
        services: The message services that it may be made to call (`domain.push.SERVICES`).
        contact: Where a service complains: a `mailto:` or `https:` address.
    """

    sender: Sender
    services: tuple[str, ...]
    contact: str


class NotTakenError(Exception):
    """The message service did not take it now; it may later."""


def call_waiting_drivers(*, run_id: str, now: datetime) -> None:
    """Note for everybody who waits for such a run that it is there."""
    if pushes.is_anybody_subscribed():
        pushes.tell(PushKind.NEW_RUN, calling.waiting_for(run_id, now=now), run_id, now=now)


@outside
@retried_after(*RETRY_AFTER_S)
def send_push(*, kind: str, subscription_id: str, run_id: str, until: str, now: datetime) -> None:
    """Tell one phone, unless what it would say is over.

    Where the service's last answer is lost it goes again and takes the place of the first.
    """
    left_s = round((datetime.fromisoformat(until) - now).total_seconds())
    row = pushes.live(subscription_id, now=now) if left_s > 0 else None
    person = accounts.person(row.person_id) if row is not None else None
    if row is None or person is None or person.disabled_at is not None:
        return
    what = PushKind(kind)
    found = _FACTS[what](run_id, row.person_id, now)
    if found is None:
        return
    language = person.language or _DEFAULT_LANGUAGE
    message = message_of(what, run_id, language, _words(what, language, *found))
    browser = Browser(row.address, bytes.fromhex(row.public_key), bytes.fromhex(row.auth))
    # Ends reading: nothing is held while the service takes its time.
    session().rollback()
    _post(browser, message, subscription_id, life_s=min(left_s, LIFE_S[what]), now=now)


def _post(
    browser: Browser, message: bytes, subscription_id: str, *, life_s: int, now: datetime
) -> None:
    service: PushService = current_app.extensions["mallrun_push"]
    keys: Keys = current_app.extensions["mallrun_keys"]
    headers = {
        "Authorization": authorisation(
            browser.address, signing_key(keys), contact=service.contact, now=now
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(life_s),
        "Urgency": "high",
    }
    answer = service.sender.post(browser.address, headers, sealed(padded(message), browser))
    if answer.status in _ENDED:
        with transaction():
            pushes.forget(subscription_id)
    elif answer.status is None or answer.status >= 500 or answer.status == _TOO_MANY:
        raise NotTakenError(answer.error or f"the service answered {answer.status}")
    elif answer.status >= 300:
        message_text = f"the service answered {answer.status}"
        raise GivenUpError(message_text)


def message_of(kind: PushKind, run_id: str, language: str, words: tuple[str, str]) -> bytes:
    """Return what the phone's service worker is given: the shape is `frontend/sw/push.ts`."""
    title, body = words
    tag = _OFFERS if kind is PushKind.NEW_RUN else run_id
    content = {
        "v": VERSION,
        "kind": kind.value,
        "tag": tag,
        "lang": language,
        "title": title,
        "body": body,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _words(kind: PushKind, language: str, run: Run, at: datetime | None) -> tuple[str, str]:
    """Return title and text; the first line of the template is the title."""
    site = sites.site(run.site_id)
    zone = ZoneInfo(site.timezone) if site is not None else None
    pay = sum(line.amount_minor for line in runs.pay_lines([run.id])[run.id])
    facts: Facts = {
        "site": site.name if site is not None else "",
        "pay": format_currency(pay / 100, run.currency, locale=language),
        "minutes": -(-run.duration_s // 60),
        "parcels": run.parcel_count,
        "time": format_time(at, "short", tzinfo=zone, locale=language) if at is not None else "",
    }
    with force_locale(language):
        title, _blank, body = render_template(f"push/{kind.value}.txt", **facts).partition("\n\n")
        return title.strip(), body.strip()


def _new_run(run_id: str, person_id: str, now: datetime) -> tuple[Run, datetime | None] | None:
    driver = accounts.driver(person_id)
    run = calling.open_run(run_id, now=now)
    if run is None or driver is None or driver.duty_site_id != run.site_id:
        return None
    if not driver.is_on_duty or not calling.is_free(driver.active_runs, driver.max_active_runs):
        return None
    return run, None


def _run_is_yours(
    run_id: str, person_id: str, _now: datetime
) -> tuple[Run, datetime | None] | None:
    run = runs.held_run(person_id)
    if run is None or run.id != run_id:
        return None
    return run, min((stop.planned_at for stop in runs.stops_of_run(run_id)), default=None)


def _claim_lapses(run_id: str, person_id: str, now: datetime) -> tuple[Run, datetime | None] | None:
    run, claim = runs.held_run(person_id), runs.live_claim(run_id)
    if run is None or run.id != run_id or claim is None or claim.lapses_at is None:
        return None
    return (run, claim.lapses_at) if claim.lapses_at > now else None


_FACTS: Final[
    Mapping[PushKind, Callable[[str, str, datetime], tuple[Run, datetime | None] | None]]
] = {
    PushKind.NEW_RUN: _new_run,
    PushKind.RUN_IS_YOURS: _run_is_yours,
    PushKind.CLAIM_LAPSES: _claim_lapses,
}

HANDLERS: Final[Mapping[str, Callable[..., None]]] = {
    pushes.CALL: call_waiting_drivers,
    pushes.SEND: send_push,
}
