"""Lists of stores: by place for whoever has few places, else places with what they count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.accounts import queries as accounts
from app.accounts.clerks import WRONG_CODES_MAX
from app.sites import queries as sites
from app.sites.queries import Desk, PlaceName, Store, StoreCount
from app.web.console.present import place_of
from app.web.texts import gettext as _
from app.web.texts import ngettext

_NO_STORE: Final = StoreCount(stores=0, locked=0)


@dataclass(frozen=True, slots=True)
class StoreRow:
    """One store in the list; `locked` counts the desks that need a manager."""

    id: str
    name: str
    place: str
    tablets: int
    tablet_words: str
    locked: int


@dataclass(frozen=True, slots=True)
class SiteGroup:
    """A site with the person's stores there."""

    id: str
    name: str
    stores: tuple[StoreRow, ...]


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site in a list of many; `locked` counts its desks that need a manager."""

    id: str
    name: str
    stores: int
    locked: int


def store_rows(stores: Sequence[Store]) -> list[StoreRow]:
    """Return stores with their desks, those with a locked one first. Two queries."""
    desks: dict[str, list[Desk]] = {store.id: [] for store in stores}
    for desk in sites.desks_of_stores(desks):
        desks[desk.store_id].append(desk)
    tablets = accounts.active_desk_devices([desk.id for own in desks.values() for desk in own])
    rows = [_row(store, desks[store.id], tablets) for store in stores]
    return sorted(rows, key=lambda row: (-row.locked, row.name))


def _row(store: Store, desks: Sequence[Desk], tablets: Iterable[str]) -> StoreRow:
    with_tablet = sum(desk.id in tablets for desk in desks)
    return StoreRow(
        id=store.id,
        name=store.name,
        place=place_of(store),
        tablets=with_tablet,
        tablet_words=_tablet_words(with_tablet, len(desks)),
        locked=sum(desk.wrong_codes >= WRONG_CODES_MAX for desk in desks),
    )


def groups_of(stores: Sequence[Store], places: Sequence[PlaceName] = ()) -> list[SiteGroup]:
    """Return stores by site, the sites by name. Three queries; two where the places are given.

    Args:
        stores: Of whom it is about.
        places: Sites that are listed without a store too; without them, those that have one.
    """
    site_ids = {store.id: store.site_id for store in stores}
    by_site: dict[str, list[StoreRow]] = {}
    for row in store_rows(stores):
        by_site.setdefault(site_ids[row.id], []).append(row)
    known = [(place.id, place.name) for place in places]
    if not places:
        found = sites.sites_by_id(by_site).values()
        known = sorted(((site.id, site.name) for site in found), key=lambda each: each[1])
    return [SiteGroup(site_id, name, tuple(by_site.get(site_id, ()))) for site_id, name in known]


def lines_of(places: Sequence[PlaceName]) -> list[SiteLine]:
    """Return places with how many stores they have, those with locked desks first. Two queries."""
    counts = sites.store_counts(locked_at=WRONG_CODES_MAX)
    found = [(place, counts.get(place.id, _NO_STORE)) for place in places]
    lines = [SiteLine(place.id, place.name, count.stores, count.locked) for place, count in found]
    return sorted(lines, key=lambda line: not line.locked)


def _tablet_words(tablets: int, desks: int) -> str:
    if desks == 0:
        return _("No desk")
    if desks == 1:
        return _("Tablet enrolled") if tablets else _("No tablet")
    text = ngettext(
        "{n} of {desks} desks has a tablet", "{n} of {desks} desks have a tablet", tablets
    )
    return text.format(n=tablets, desks=desks)
