"""Who has the parcels: one answer from everything that was ever stated about a delivery.

`settle` is a function of the *set* of facts. It never asks in which order they reached the server,
so devices that come back hours later, in any order, lead to the same state and the same incidents.

Source: handoff protocol MP1, "Conflict rules" (C1 to C8).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.decisions import decided, is_lost
from app.domain.facts import STRONG, Fact, FactKind, levels_of, of_kind
from app.domain.findings import Finding, FindingKind
from app.domain.handoff import EvidenceLevel


class Stage(StrEnum):
    """How far the handoffs have brought a delivery; before the first there is none."""

    WITH_DRIVER = "with_driver"
    DELIVERED = "delivered"
    GOING_BACK = "going_back"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is true of a delivery.

    Attributes:
        stage: How far it has come; None while no handoff counts.
        custodian: The driver whom the handoffs put in charge; empty while there is none.
        level: Evidence of the last handoff.
        pickup_level: Evidence of the collection; None when nobody has stated one.
        is_pickup_inferred: Nobody stated the collection that a later handoff proves.
        collected_ms: When the custodian got the parcels, Unix milliseconds; as long as nobody has
            stated the collection, the first that proves it; None while no handoff counts.
        is_held: Two sides prove that they have it: nothing moves until a person decides. What is
            marked as lost does not move anyway.
        is_approved: A manager has said yes to the custodian's collection.
        is_unproved: The end counts on the driver's word only, because the customer's PIN was wrong.
        is_lost: A dispatcher's mark as lost is in force; only an end of the way beats it.
        findings: What does not fit together, by kind.
    """

    stage: Stage | None
    custodian: str
    level: EvidenceLevel | None
    pickup_level: EvidenceLevel | None
    is_pickup_inferred: bool
    collected_ms: int | None
    is_held: bool
    is_approved: bool
    is_unproved: bool
    is_lost: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Sides:
    """Who says what.

    Attributes:
        ranks: Driver -> place among those who ever claimed the delivery.
        assignee: Who has the claim now; empty when nobody has.
        proved: Drivers whom another side's evidence puts in charge.
        weak: Drivers who only say so themselves, and whom nobody has decided against.
        ruled: Whom a person has decided for.
    """

    ranks: dict[str, int]
    assignee: str
    proved: frozenset[str]
    weak: frozenset[str]
    ruled: str


_BY_DRIVERS: Final = (FactKind.PICKED_UP, FactKind.DELIVERED, FactKind.FAILED, FactKind.RETURNED)


def settle(facts: Collection[Fact]) -> Settlement:
    """Return what is true of one delivery, whatever the order in which the facts came."""
    ordered = sorted(facts, key=lambda fact: (fact.order, fact.at_ms, fact.id))
    levels = levels_of(ordered)
    sides = _sides(ordered, levels)
    custodian, findings = _custodian(sides)
    stage, end = _stage(ordered, custodian)
    level = max((fact.level for fact in end), default=None)
    is_believed = custodian in sides.proved or custodian == sides.ruled
    if not is_believed and of_kind(ordered, FactKind.CANCELLED):
        # Nothing but a word against the cancellation: the parcels count as the store's.
        stage = None
    findings += _later_findings(ordered, custodian, sides)
    pickup_level = levels.get(custodian) if stage is not None else None
    is_open = stage in {Stage.WITH_DRIVER, Stage.GOING_BACK}
    is_double = any(finding.kind is FindingKind.DOUBLE_CUSTODY for finding in findings)
    return Settlement(
        stage=stage,
        custodian=custodian if stage is not None else "",
        level=None if stage is None else level or pickup_level,
        pickup_level=pickup_level,
        is_pickup_inferred=stage is not None and pickup_level is None,
        collected_ms=_collected_ms(ordered, custodian) if stage is not None else None,
        is_held=is_open and is_double and not is_lost(ordered),
        is_approved=is_approved(ordered, custodian),
        is_unproved=stage is not None and bool(end) and all(fact.is_unproved for fact in end),
        is_lost=is_lost(ordered),
        findings=tuple(sorted(findings, key=lambda finding: finding.kind)),
    )


def _sides(facts: Sequence[Fact], levels: dict[str, EvidenceLevel]) -> _Sides:
    ranks: dict[str, int] = {}
    assignee = ""
    for fact in of_kind(facts, FactKind.CLAIMED, FactKind.UNCLAIMED):
        if fact.kind is FactKind.CLAIMED:
            ranks.setdefault(fact.driver_id, len(ranks))
            assignee = fact.driver_id
        elif fact.driver_id == assignee:
            assignee = ""
    ruled, denied = decided(facts)
    stated = {fact.driver_id for fact in of_kind(facts, *_BY_DRIVERS)} | set(levels)
    # A customer's own code or PIN puts whoever brings it in charge, also without a collection.
    delivered = of_kind(facts, FactKind.DELIVERED)
    proved = {driver for driver, level in levels.items() if level >= STRONG}
    proved |= {fact.driver_id for fact in delivered if fact.level >= STRONG}
    weak = stated - proved - denied - {""}
    return _Sides(ranks, assignee, frozenset(proved), frozenset(weak), ruled)


def _custodian(sides: _Sides) -> tuple[str, list[Finding]]:
    """Return who is in charge, and what contradicts it: C1, C2, C3."""
    last = len(sides.ranks)
    proved = sorted(sides.proved, key=lambda driver: (sides.ranks.get(driver, last), driver))
    if sides.ruled:
        return sides.ruled, []
    if len(proved) > 1:
        # The first to have had it stays in charge: more evidence never moves parcels to and fro.
        double = Finding(FindingKind.DOUBLE_CUSTODY, tuple(sorted(proved)), waits=True)
        return proved[0], [double]
    fallback = sides.assignee if sides.assignee in sides.weak else ""
    custodian = proved[0] if proved else fallback
    findings: list[Finding] = []
    if proved and sides.assignee and custodian != sides.assignee:
        both = tuple(sorted({custodian, sides.assignee}))
        findings.append(Finding(FindingKind.CUSTODY_BEATS_ASSIGNMENT, both))
    others = tuple(sorted(sides.weak - {custodian}))
    if others:
        findings.append(Finding(FindingKind.ASSIGNMENT_STAYS, others, waits=True))
    return custodian, findings


def _stage(facts: Sequence[Fact], custodian: str) -> tuple[Stage | None, list[Fact]]:
    """Return how far the delivery has come, and the facts that state its end, if it has one."""
    if not custodian:
        return None, []
    delivered = [fact for fact in of_kind(facts, FactKind.DELIVERED) if _ends(fact, custodian)]
    if is_lost(facts):
        delivered = [fact for fact in delivered if fact.level >= STRONG]
    if delivered:
        return Stage.DELIVERED, delivered
    returned = [fact for fact in of_kind(facts, FactKind.RETURNED) if _ends(fact, custodian)]
    if returned:
        return Stage.RETURNED, returned
    failed = [fact for fact in of_kind(facts, FactKind.FAILED) if fact.driver_id == custodian]
    is_going_back = failed or of_kind(facts, FactKind.CANCELLED)
    return (Stage.GOING_BACK if is_going_back else Stage.WITH_DRIVER), []


def _collected_ms(facts: Sequence[Fact], custodian: str) -> int | None:
    """Return when the custodian got the parcels, as far as anybody has said."""
    stated = [
        fact.at_ms
        for fact in of_kind(facts, FactKind.PICKED_UP, FactKind.RELEASED)
        if fact.driver_id == custodian
    ]
    proving = [fact.at_ms for fact in of_kind(facts, *_BY_DRIVERS)]
    return min(stated or proving, default=None)


def is_approved(facts: Sequence[Fact], custodian: str) -> bool:
    """Tell whether a manager has said yes to this driver's collection."""
    said = of_kind(facts, FactKind.PICKED_UP, FactKind.RELEASED)
    return any(fact.is_approved for fact in said if fact.driver_id in {"", custodian})


def _ends(fact: Fact, custodian: str) -> bool:
    """Tell whether the end of a delivery counts: the custodian's, or proved by another side."""
    return fact.driver_id in {"", custodian} or fact.level >= STRONG


def _later_findings(facts: Sequence[Fact], custodian: str, sides: _Sides) -> list[Finding]:
    """Return what contradicts the rest: C4, C5, C6, C8."""
    findings: list[Finding] = []
    delivered = of_kind(facts, FactKind.DELIVERED)
    deliverers = tuple(sorted({fact.driver_id for fact in delivered}))
    if len(deliverers) > 1:
        findings.append(Finding(FindingKind.DOUBLE_DELIVERY, deliverers, waits=True))
    everybody = tuple(sorted(sides.proved | sides.weak))
    if everybody and of_kind(facts, FactKind.CANCELLED):
        is_word_only = not sides.proved and not sides.ruled
        findings.append(Finding(FindingKind.COLLECTED_AFTER_CANCEL, everybody, is_word_only))
    if deliverers and is_lost(facts):
        is_word_only = all(fact.level < STRONG for fact in delivered)
        findings.append(Finding(FindingKind.LOST_BUT_DELIVERED, deliverers, is_word_only))
    pickups = [fact for fact in of_kind(facts, FactKind.PICKED_UP) if fact.driver_id == custodian]
    releases = [
        fact for fact in of_kind(facts, FactKind.RELEASED) if fact.driver_id in {"", custodian}
    ]
    counts = {fact.parcels for fact in pickups + releases}
    counts |= {fact.told_parcels for fact in pickups if fact.told_parcels}
    if len(counts) > 1:
        findings.append(Finding(FindingKind.COUNT_MISMATCH, (custodian,) if custodian else ()))
    return findings
