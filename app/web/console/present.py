"""One store with its desks and clerks, as their manager reads it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import get_locale

from app.accounts import desk_use
from app.accounts import queries as accounts
from app.accounts.clerks import WRONG_CODES_MAX
from app.domain.errors import DomainError
from app.domain.policy import MANAGER_TRIES_MAX
from app.sites import queries as sites
from app.sites.queries import Site, Store
from app.web.console.words import LEVELS
from app.web.texts import N_
from app.web.texts import gettext as _
from app.web.times import Times

#: What was just done, by the word after `?done=`.
NOTICES: Final = {
    "desk_added": N_("The desk was added. Show its code to a tablet next."),
    "desk_removed": N_("The desk was removed. Its tablet is signed out."),
    "desk_unlocked": N_("The desk is unlocked. Clerks can sign in again."),
    "tablet_retired": N_("The tablet was retired and signed out. The desk waits for another one."),
    "clerk_removed": N_("The clerk was removed and is signed out everywhere."),
    "given": N_("The run is the driver's now, who sees it at once."),
    "taken_back": N_("Taken back. What the stores still have is on offer again."),
    "shown": N_("Drivers see this run now."),
    "pinned": N_("Pinned. It stays as it is until you unpin it or a driver takes it."),
    "unpinned": N_("Unpinned. It may be put together anew."),
    "split": N_("Split. Both runs are pinned."),
    "merged": N_("Merged. The run is pinned."),
    "block_opened": N_("The block is open. Drivers can take it now."),
    "block_closed": N_("The block is closed. Nobody else can take it."),
    "policy_set": N_("Saved. It holds for handovers from now on."),
    "site_opened": N_("The place is open. Add its stores next."),
    "site_changed": N_("Saved. Runs are planned with it from now on."),
    "store_opened": N_("The store is open. Add a desk and a clerk next."),
    "store_changed": N_("Saved. Drivers read it at once."),
    "hub_set": N_("Whose driver this is was saved."),
    "phone_ended": N_("The phone has ended and the driver is signed out."),
    "lost": N_("Marked as lost. You can take that back below."),
    "found": N_("The mark is gone. The delivery goes on."),
    "link": N_("The old tracking link has stopped."),
    "pin": N_("The old PIN has stopped. The customer's page shows the new one."),
    "ruled": N_("Decided. The delivery goes on with whoever has the parcels."),
    "closed": N_("The incident is closed. You can open it again below."),
    "reopened": N_("The incident is open again."),
    "counted": N_("The step counts now."),
    "ignored": N_("The step does not count. You can still let it count below."),
}


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One desk: `used_at` in words, empty when nobody has used it."""

    id: str
    name: str
    has_tablet: bool
    is_locked: bool
    used_at: str


@dataclass(frozen=True, slots=True)
class ClerkRow:
    """One clerk."""

    id: str
    first_name: str


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """One evidence level to choose as the least."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PolicyView:
    """What a store asks of handovers; `limit` is an amount, empty for none."""

    levels: tuple[LevelChoice, ...]
    limit: str
    currency: str
    has_code: bool
    is_locked: bool


@dataclass(frozen=True, slots=True)
class StoreView:
    """One store with its desks, clerks and policy, and a code to suggest for the next clerk."""

    id: str
    name: str
    place: str
    desks: tuple[DeskRow, ...]
    clerks: tuple[ClerkRow, ...]
    policy: PolicyView
    suggested_code: str


def store_view(store: Store, *, now: datetime) -> StoreView:
    """Return a store for its manager."""
    desks = sites.desks_of_store(store.id)
    desk_ids = [desk.id for desk in desks]
    tablets, used = accounts.active_desk_devices(desk_ids), desk_use.last_used(desk_ids)
    times = times_of(site_of(store), now=now)
    return StoreView(
        id=store.id,
        name=store.name,
        place=f"{place_of(store)} · {site_of(store).name}",
        desks=tuple(
            DeskRow(
                id=desk.id,
                name=desk.name,
                has_tablet=desk.id in tablets,
                is_locked=desk.wrong_codes >= WRONG_CODES_MAX,
                used_at=times.dated_clock(used[desk.id]) if desk.id in used else "",
            )
            for desk in desks
        ),
        clerks=tuple(
            ClerkRow(clerk.id, clerk.first_name) for clerk in accounts.clerks_of_store(store.id)
        ),
        policy=_policy(store),
        suggested_code=suggested_code(),
    )


def _policy(store: Store) -> PolicyView:
    above = store.manager_code_above_minor
    return PolicyView(
        levels=tuple(
            LevelChoice(level.value, f"{level.value}: {_(words)}", level == store.minimum_level)
            for level, words in LEVELS.items()
        ),
        limit=f"{above / 100:.2f}" if above is not None else "",
        currency=site_of(store).currency,
        has_code=store.manager_code_hash is not None,
        is_locked=store.manager_code_tries >= MANAGER_TRIES_MAX,
    )


def site_of(store: Store) -> Site:
    """Return a store's site.

    Raises:
        DomainError: `not_found`, which the database's foreign key rules out.
    """
    site = sites.site(store.site_id)
    if site is None:
        raise DomainError("not_found")
    return site


def times_of(site: Site, *, now: datetime) -> Times:
    """Return the words for times at a site, in the reader's language."""
    return times_in(site.timezone, now=now)


def times_in(timezone: str, *, now: datetime) -> Times:
    """Return the words for times in a time zone, in the reader's language."""
    locale = get_locale()
    if locale is None:
        message = "no request, no reader"
        raise RuntimeError(message)
    return Times(now=now, timezone=timezone, locale=locale)


def suggested_code() -> str:
    """Return six random digits for a clerk."""
    return f"{secrets.randbelow(10**6):06d}"


def notice(done: str | None) -> str:
    """Return what was just done, in words; empty for nothing or an unknown word."""
    return _(NOTICES[done]) if done in NOTICES else ""


def place_of(store: Store) -> str:
    """Return "Level 2, 114": where in its site a store is, as signs there say it."""
    return ", ".join(part for part in (store.floor_name, store.unit) if part)
