"""A step from one order's point of view: it moves to a near run, or is exchanged for one of it.

An order goes alone or with its neighbour in the run, and one or two others come back for it, or
none. What steps would save is told from sketches of the planned runs; only the most promising ones
are planned. A look at one order therefore costs as much in a full mall as in an empty one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.group_costs import Group, GroupCosts, GroupsCost
from app.domain.sketches import Sketch

#: Steps of one order that are planned: those that promise most.
WEIGHED: Final = 3
_NOTHING: Final[Group] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """Two runs become two others, of which one may be empty.

    Attributes:
        gain: Late and working seconds that it saves; more than none.
        before: The runs as they are.
        after: The runs as they would be.
    """

    gain: GroupsCost
    before: tuple[Group, Group]
    after: tuple[Group, Group]


class Steps:
    """Looks for steps.

    Args:
        costs: Of the groups.
        near: Tells the orders with the nearest doors, nearest first.
    """

    def __init__(self, costs: GroupCosts, near: Callable[[str], Sequence[str]]) -> None:
        self._costs, self._near = costs, near
        self._rests: dict[tuple[Group, Group], tuple[Sketch, GroupsCost]] = {}
        #: Orders that found no step between two runs. Of those nothing is expected any more.
        self._in_vain: set[tuple[str, Group, Group]] = set()

    def best(self, delivery_id: str, group_of: Mapping[str, Group]) -> Step | None:
        """Return the most promising step that saves anything; None when none does.

        Args:
            delivery_id: Of the order that looks.
            group_of: The run of each order, as its orders.
        """
        home = group_of[delivery_id]
        near = dict.fromkeys(group_of[each] for each in self._near(delivery_id))
        targets = [
            each for each in near if each != home and (delivery_id, home, each) not in self._in_vain
        ]
        promising = sorted(
            (promise, sorted(given), sorted(taken), sorted(target))
            for target in targets
            for given in self._parts(delivery_id, home)
            for promise, taken in self._promises(given, home, target)
        )
        for _promise, given, taken, members in promising[:WEIGHED]:
            target = frozenset(members)
            after = _exchanged(home, target, frozenset(given), frozenset(taken))
            gain = self._costs.gain((home, target), after)
            if gain is not None:
                return Step(gain, (home, target), after)
        self._in_vain.update((delivery_id, home, each) for each in targets)
        return None

    def _parts(self, delivery_id: str, group: Group) -> Iterator[Group]:
        """Yield what may leave a run together: an order alone, and with the nearest in its run."""
        yield frozenset({delivery_id})
        beside = next((each for each in self._near(delivery_id) if each in group), None)
        if beside is not None:
            yield frozenset({delivery_id, beside})

    def _promises(
        self, given: Group, home: Group, target: Group
    ) -> Iterator[tuple[GroupsCost, Group]]:
        """Yield late and working seconds that steps save about, with what is taken for `given`."""
        now = self._rest(home, _NOTHING)[1].plus(self._rest(target, _NOTHING)[1])
        home_rest = self._rest(home, given)[1]
        returns = {each for member in target for each in self._parts(member, target)}
        for taken in (_NOTHING, *returns):
            # What comes costs something wherever it goes, so most steps are out at a glance.
            if home_rest.plus(self._rest(target, taken)[1]) >= now:
                continue
            if not all(map(self._costs.is_allowed, _exchanged(home, target, given, taken))):
                continue
            then = home_rest if not taken else self._about(home, given, taken)
            if then.plus(self._rest(target, taken)[1]) >= now:
                continue
            then = then.plus(self._about(target, taken, given))
            if then < now:
                yield GroupsCost(then.late_s - now.late_s, then.work_s - now.work_s), taken

    def _about(self, group: Group, leaving: Group, coming: Group) -> GroupsCost:
        """Return what a group costs about when some orders leave and others come."""
        if leaving == group:
            return self._costs.of(coming)
        rest, _cost = self._rest(group, leaving)
        return self._cost(self._costs.sketches.extended(rest, sorted(coming)))

    def _rest(self, group: Group, leaving: Group) -> tuple[Sketch, GroupsCost]:
        """Return a group without some of its orders, and what it costs about."""
        found = self._rests.get((group, leaving))
        if found is None:
            sketch = self._costs.sketches.without(self._costs.sketch(group), sorted(leaving))
            found = self._rests[group, leaving] = sketch, self._cost(sketch)
        return found

    def _cost(self, sketch: Sketch) -> GroupsCost:
        if not sketch.doors:
            return GroupsCost(0, 0)
        late_s, work_s = self._costs.sketches.cost_s(sketch)
        return GroupsCost(late_s, work_s + self._costs.run_cost_s)


def _exchanged(home: Group, target: Group, given: Group, taken: Group) -> tuple[Group, Group]:
    return home - given | taken, target - taken | given
