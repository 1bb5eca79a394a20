"""A step from one order's point of view: it moves to a near run, or is exchanged for one of it.

An order goes alone or with its neighbour in the run, and one or two others come back for it, or
none. What steps would save is told from sketches of the planned runs; only the most promising ones
are planned. A look at one order therefore costs as much in a full mall as in an empty one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.forming import ORDERS_MAX
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
        self._rests: dict[tuple[Group, Group], Sketch] = {}

    def best(self, delivery_id: str, group_of: Mapping[str, Group]) -> Step | None:
        """Return the most promising step that saves anything; None when none does.

        Args:
            delivery_id: Of the order that looks.
            group_of: The run of each order, as its orders.
        """
        home = group_of[delivery_id]
        targets = dict.fromkeys(group_of[each] for each in self._near(delivery_id))
        targets.pop(home, None)
        promising = sorted(
            (promise, sorted(given), sorted(taken), sorted(target))
            for target in targets
            for given in self._parts(delivery_id, home)
            for promise, taken in self._promises(given, home, target)
        )
        left = WEIGHED
        for _promise, given, taken, members in promising:
            target = frozenset(members)
            after = home.difference(given).union(taken), target.difference(taken).union(given)
            if not all(map(self._costs.is_allowed, after)):
                continue
            gain = self._costs.gain((home, target), after)
            if gain is not None:
                return Step(gain, (home, target), after)
            left -= 1
            if not left:
                break
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
        now = self._about(home, _NOTHING, _NOTHING).plus(self._about(target, _NOTHING, _NOTHING))
        returns = {each for member in target for each in self._parts(member, target)}
        for taken in (_NOTHING, *returns):
            growth = len(given) - len(taken)
            if len(home) - growth > ORDERS_MAX or len(target) + growth > ORDERS_MAX:
                continue
            then = self._about(home, given, taken)
            if then > now:
                continue
            then = then.plus(self._about(target, taken, given))
            if then < now:
                yield GroupsCost(then.late_s - now.late_s, then.work_s - now.work_s), taken

    def _about(self, group: Group, leaving: Group, coming: Group) -> GroupsCost:
        """Return what a group costs about when some orders leave and others come."""
        if leaving == group:
            return self._costs.of(coming)
        rest = self._rest(group, leaving)
        sketches = self._costs.sketches
        late_s, work_s = sketches.cost_s(
            sketches.extended(rest, sorted(coming)) if coming else rest
        )
        return GroupsCost(late_s, work_s + self._costs.run_cost_s)

    def _rest(self, group: Group, leaving: Group) -> Sketch:
        rest = self._rests.get((group, leaving))
        if rest is None:
            rest = self._costs.sketch(group)
            if leaving:
                rest = self._costs.sketches.without(rest, sorted(leaving))
            self._rests[group, leaving] = rest
        return rest
