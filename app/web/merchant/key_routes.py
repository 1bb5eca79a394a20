"""The merchant's keys: make, show once, rotate, revoke."""

from datetime import datetime
from typing import Annotated, Final, Literal

from babel import Locale
from flask import redirect, request
from flask.typing import ResponseReturnValue
from pydantic import AfterValidator

from app import clock
from app.accounts import api_keys
from app.accounts.api_keys import ApiKey, MadeKey, NewKey
from app.domain.api_key import OVERLAP, Mode, Scope, is_valid, known_scopes, networks_of
from app.sites import sandbox
from app.web.console.forms import Failed, carry_out, submit
from app.web.language import chosen_locale
from app.web.limits import limited
from app.web.merchant.frame import merchant, page
from app.web.merchant.scope import me
from app.web.texts import N_
from app.web.texts import gettext as _
from app.web.times import Times
from app.web.validation import Body, Name

#: What each right means, in the order in which they are offered.
SCOPES: Final = {
    Scope.DELIVERIES_READ: N_("Read deliveries, labels, proof and custody"),
    Scope.DELIVERIES_WRITE: N_("Create, change, cancel and call back deliveries"),
    Scope.STORES_READ: N_("Read stores and hours"),
    Scope.STORES_WRITE: N_("Set hours and stock"),
    Scope.WEBHOOKS: N_("Set up webhooks"),
    Scope.PIN_READ: N_("Read the customer's PIN"),
}
_USUAL: Final = (Scope.DELIVERIES_READ, Scope.DELIVERIES_WRITE, Scope.STORES_READ)
_DONE: Final = {"revoked": N_("The key is revoked: programs that use it are refused from now on.")}


def _all_known(words: str) -> str:
    scopes = known_scopes(words.split())
    if not scopes or len(scopes) < len(set(words.split())):
        message = "choose among the scopes"
        raise ValueError(message)
    return words


def _networks(text: str) -> str:
    return " ".join(networks_of(text[:2_000]))


class KeyForm(Body):
    """A new key."""

    key_name: Name
    mode: Literal["test", "live"]
    scopes: Annotated[str, AfterValidator(_all_known)]
    networks: Annotated[str, AfterValidator(_networks)]


@merchant.get("/keys")
@limited("page")
def keys() -> ResponseReturnValue:
    return keys_page()


def keys_page(failed: Failed | None = None) -> str:
    """Render the list of keys and the form for another."""
    now = clock.now()
    times = Times(now=now, timezone="UTC", locale=Locale.parse(chosen_locale()))
    rows = [_view(row, times, now=now) for row in api_keys.keys_of_merchant(me().merchant_id)]
    chosen = failed.typed["scopes"].split() if failed else [each.value for each in _USUAL]
    scopes = [(each.value, _(words), each.value in chosen) for each, words in SCOPES.items()]
    said = _DONE.get(request.args.get("done", ""))
    done = _(said) if said else ""
    return page("keys", keys=rows, scopes=scopes, failed=failed, done=done)


def _view(row: ApiKey, times: Times, *, now: datetime) -> dict[str, object]:
    works = is_valid(revoked_at=row.revoked_at, expires_at=row.expires_at, now=now)
    return {
        "id": row.id,
        "name": row.name,
        "shown": row.shown,
        "mode": row.mode,
        "scopes": row.scopes.split(),
        "networks": row.networks.split(),
        "works": works,
        "ends": times.dated_clock(row.expires_at) if works and row.expires_at else "",
        "used": times.dated_clock(row.used_at) if row.used_at else "",
        "made": times.day(row.created_at),
        "can_rotate": works and row.expires_at is None,
    }


@merchant.post("/keys")
@limited("command")
def make_key() -> ResponseReturnValue:
    who = me()
    made: list[MadeKey] = []

    def effect(form: KeyForm, now: datetime) -> None:
        mode = Mode(form.mode)
        seen = who.merchant_id
        if mode is Mode.TEST:
            seen = sandbox.prepare(who.merchant_id, now=now)
        new = NewKey(
            merchant_id=who.merchant_id,
            acts_for_id=seen,
            mode=mode,
            name=form.key_name,
            scopes=known_scopes(form.scopes.split()),
            networks=tuple(form.networks.split()),
        )
        made[:] = [api_keys.make_key(new, person_id=who.person_id, now=now)]

    failed = submit(KeyForm, effect)
    if failed:
        return keys_page(failed), 422
    return shown_once(made[0])


@merchant.post("/keys/<key_id>/rotate")
@limited("command")
def rotate_key(key_id: str) -> ResponseReturnValue:
    who = me()
    made: list[MadeKey] = []

    def effect(now: datetime) -> None:
        made[:] = [
            api_keys.rotate_key(
                key_id, merchant_id=who.merchant_id, person_id=who.person_id, now=now
            )
        ]

    carry_out(effect)
    return shown_once(made[0], is_rotated=True)


def shown_once(made: MadeKey, *, is_rotated: bool = False) -> str:
    """Show a key that was just made: only its hash is kept."""
    row = api_keys.own_key(made.id, me().merchant_id)
    hours = int(OVERLAP.total_seconds() // 3600)
    return page("key_once", key=row, text=made.text, is_rotated=is_rotated, hours=hours)


@merchant.get("/keys/<key_id>/revoke")
@limited("page")
def ask_revoke_key(key_id: str) -> ResponseReturnValue:
    return page("revoke_key", key=api_keys.own_key(key_id, me().merchant_id))


@merchant.post("/keys/<key_id>/revoke")
@limited("command")
def revoke_key(key_id: str) -> ResponseReturnValue:
    merchant_id = me().merchant_id
    carry_out(lambda now: api_keys.revoke_key(key_id, merchant_id=merchant_id, now=now))
    return redirect("/merchant/keys?done=revoked", 303)
