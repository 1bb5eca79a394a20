"""What was learned at a site, in words, for whoever wonders about a plan's minutes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.domain import eta
from app.domain.delivery import ProofKind
from app.domain.hours import Hours
from app.domain.learned import COUNT_MIN, Timed
from app.runs import learning
from app.runs.learning import Known
from app.sites import queries as sites
from app.sites.queries import Site
from app.web.texts import N_
from app.web.texts import gettext as _

#: Counters that are shown, those seen most often first: a mall has many.
_COUNTERS_MAX: Final = 30
_DOORS: Final = {
    ProofKind.PHOTO.value: N_("At a door, with a photo"),
    ProofKind.PIN.value: N_("At a door, with the PIN"),
    ProofKind.NONE.value: N_("At a door, without proof"),
}
_DRIVES: Final = {
    Hours.MORNING.value: N_("Driving, weekdays 6–9"),
    Hours.MIDDAY.value: N_("Driving, weekdays 9–16"),
    Hours.EVENING.value: N_("Driving, weekdays 16–19"),
    Hours.WEEKEND.value: N_("Driving, weekends 6–19"),
    Hours.NIGHT.value: N_("Driving, 19–6"),
}


@dataclass(frozen=True, slots=True)
class LearnedRow:
    """One thing that takes time.

    Attributes:
        what: In words.
        default: What a plan takes without history.
        learned: What it takes now; empty while too little was seen.
        count: How often it was seen.
    """

    what: str
    default: str
    learned: str
    count: int


def learned_rows(site: Site) -> list[LearnedRow]:
    """Return what was seen at a site, in the order in which a run does it. Two queries."""
    known = learning.known(site.id)
    counters = [each for each in known if each.timed is Timed.COUNTER]
    counters.sort(key=lambda each: -each.learned.count)
    names = {each.id: each.name for each in sites.stores_of_site(site.id)}
    shown = [
        *(each for each in known if each.timed in {Timed.PARKING, Timed.WALK}),
        *(each for each in counters[:_COUNTERS_MAX] if each.ref in names),
        *(each for each in known if each.timed in {Timed.DOOR, Timed.DRIVE}),
    ]
    return [_row(each, names.get(each.ref, "")) for each in shown]


def _row(each: Known, store: str) -> LearnedRow:
    words: dict[Timed, Callable[[], str]] = {
        Timed.PARKING: lambda: _("Parking, before the walk in"),
        Timed.WALK: lambda: _("Walking 100 m inside"),
        Timed.COUNTER: lambda: _("At the counter of {store}, one order").format(store=store),
        Timed.DOOR: lambda: _(_DOORS[each.ref]),
        Timed.DRIVE: lambda: _(_DRIVES[each.ref]),
    }
    defaults_s = {
        Timed.PARKING: eta.PARKING_S,
        Timed.WALK: round(100 * eta.WALKING_CIRCUITY / eta.WALKING_M_PER_S),
        Timed.COUNTER: eta.HANDOVER_FIRST_S,
        Timed.DOOR: eta.DOOR_S,
    }
    factor, is_known = each.learned.factor, each.learned.count >= COUNT_MIN
    default_s = defaults_s.get(each.timed)
    if default_s is None:
        default, learned = (
            _("as estimated"),
            _("{factor} times that").format(factor=f"{factor:.2f}"),
        )
    else:
        default, learned = _span(default_s), _span(round(factor * default_s))
    return LearnedRow(
        what=words[each.timed](),
        default=default,
        learned=learned if is_known else "",
        count=each.learned.count,
    )


def _span(seconds: int) -> str:
    return _("{minutes} min {seconds} s").format(minutes=seconds // 60, seconds=seconds % 60)
