import dataclasses
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pay import (
    PayKind,
    PayRule,
    guarantee_line,
    pay_lines,
    pay_total_minor,
    per_mile_line,
    raise_line,
    raises_due,
    waiting_line,
)
from app.domain.pay_rules import CURRENT_PAY_RULE, PAY_RULES, current_pay_rule
from app.domain.site import SiteKind

RULE = PAY_RULES[CURRENT_PAY_RULE]
FIRST_RULE = PAY_RULES["2026-11"]
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)

minor = st.integers(0, 100_000)
rules = st.builds(
    PayRule,
    st.just("test"),
    st.just("USD"),
    minor,
    minor,
    minor,
    minor,
    has_floor_line=st.booleans(),
    waiting_free_s=st.integers(0, 3_600),
    waiting_per_minute_minor=minor,
    waiting_max_s=st.integers(0, 10_000),
    hourly_minor=minor,
    hourly_cap_percent=st.integers(0, 300),
)
seconds = st.integers(-100_000, 100_000)
tips = st.dictionaries(st.text(min_size=1, max_size=5), minor, max_size=6)
distances = st.integers(0, 200_000)
stop_counts = st.integers(0, 20)


def test_a_hubs_parcels_are_paid_one_by_one_and_nothing_else():
    rule = current_pay_rule(SiteKind.HUB)

    lines = pay_lines(rule, 9_000, 4, {}, parcel_count=3)

    assert [(line.kind, line.amount_minor) for line in lines] == [
        (PayKind.BASE, 0),
        (PayKind.PER_MILE, 0),
        (PayKind.PER_STOP, 0),
        (PayKind.PER_PARCEL, 750),
    ]


def test_every_other_site_pays_by_way_and_stop():
    kinds = set(SiteKind) - {SiteKind.HUB}

    assert {current_pay_rule(kind).version for kind in kinds} == {CURRENT_PAY_RULE}


def test_every_rule_is_found_by_its_own_version():
    assert all(version == rule.version for version, rule in PAY_RULES.items())
    assert CURRENT_PAY_RULE in PAY_RULES


def test_run_of_five_stops_and_twelve_miles_is_paid_line_by_line():
    lines = pay_lines(RULE, 19_312, 5, {"dlv_b": 300, "dlv_a": 500, "dlv_c": 0})

    assert [(line.kind, line.ref, line.amount_minor) for line in lines] == [
        (PayKind.BASE, "", 600),
        (PayKind.PER_MILE, "", 840),
        (PayKind.PER_STOP, "", 875),
        (PayKind.TIP, "dlv_a", 500),
        (PayKind.TIP, "dlv_b", 300),
    ]
    assert pay_total_minor(lines) == 3_115


def test_line_carries_what_it_was_computed_from():
    _, miles, stops = pay_lines(RULE, 6_759, 2, {})

    assert (miles.quantity, miles.unit_minor) == (6_759, 70)
    assert (stops.quantity, stops.unit_minor) == (2, 175)


def test_short_run_is_raised_to_the_minimum_by_a_line_of_its_own():
    lines = pay_lines(RULE, 100, 2, {"dlv_a": 2_000})

    assert [(line.kind, line.amount_minor) for line in lines] == [
        (PayKind.BASE, 600),
        (PayKind.PER_MILE, 4),
        (PayKind.PER_STOP, 350),
        (PayKind.FLOOR, 46),
        (PayKind.TIP, 2_000),
    ]
    assert lines[3].unit_minor == RULE.minimum_minor


def test_runs_offered_under_the_first_rule_have_the_minimum_in_the_base():
    lines = pay_lines(FIRST_RULE, 100, 2, {"dlv_a": 2_000})

    assert pay_total_minor(lines) - 2_000 == FIRST_RULE.minimum_minor
    assert lines[0].amount_minor == 1_000 - 4 - 350


def waited(minutes: float, *, early: float = 0, rule: PayRule = RULE) -> int:
    """Return what a wait is paid; `early` are the minutes before the parcels were promised."""
    line = waiting_line(
        rule,
        "stp_a",
        arrived_at=NOON,
        ready_at=NOON + timedelta(minutes=early),
        done_at=NOON + timedelta(minutes=minutes),
    )
    return line.amount_minor if line is not None else 0


@pytest.mark.parametrize(
    ("minutes", "paid"),
    [(-5, 0), (0, 0), (10, 0), (10.5, 18), (25, 15 * 35), (60, 50 * 35), (600, 50 * 35)],
)
def test_wait_is_paid_beyond_its_free_part_and_up_to_its_limit(minutes: float, paid: int):
    assert waited(minutes) == paid


def test_nobody_is_paid_for_coming_before_the_parcels_were_promised():
    assert waited(45, early=20) == 15 * 35
    assert waited(20, early=20) == 0


def test_first_rule_knows_neither_waits_nor_hours():
    assert waited(45, rule=FIRST_RULE) == 0
    assert guarantee_line(FIRST_RULE, earned_minor=0, taken_s=7_200, planned_s=7_200) is None


def test_slow_hour_is_raised_to_the_least():
    line = guarantee_line(RULE, earned_minor=1_000, taken_s=3_600, planned_s=3_000)

    assert line is not None
    assert (line.kind, line.amount_minor, line.quantity) == (PayKind.GUARANTEE, 800, 3_600)


def test_hours_beyond_half_as_long_again_as_planned_do_not_count():
    line = guarantee_line(RULE, earned_minor=0, taken_s=36_000, planned_s=3_600)

    assert line is not None
    assert line.amount_minor == 2_700


@given(rules, seconds, seconds, seconds)
def test_end_of_a_run_never_takes_anything(rule: PayRule, waiting: int, taken: int, planned: int):
    line = guarantee_line(rule, earned_minor=100, taken_s=taken, planned_s=abs(planned))

    assert waited(waiting / 60, rule=rule) >= 0
    assert line is None or line.amount_minor > 0


@given(rules, st.integers(0, 100_000), st.integers(0, 100_000))
def test_longer_wait_is_never_paid_less(rule: PayRule, one: int, other: int):
    assert waited(min(one, other) / 60, rule=rule) <= waited(max(one, other) / 60, rule=rule)


def test_half_a_cent_is_rounded_up():
    rule = dataclasses.replace(RULE, per_mile_minor=1_609_344, minimum_minor=0)
    half = dataclasses.replace(rule, per_mile_minor=804_672 // 1_000)

    assert pay_lines(rule, 1, 0, {})[1].amount_minor == 1_000
    assert pay_lines(half, 1_001, 0, {})[1].amount_minor == 500
    assert pay_lines(dataclasses.replace(rule, per_mile_minor=1), 804, 0, {})[1].amount_minor == 0
    assert pay_lines(dataclasses.replace(rule, per_mile_minor=1), 805, 0, {})[1].amount_minor == 1
    assert (
        pay_lines(dataclasses.replace(rule, per_mile_minor=125), 100_584, 0, {})[1].amount_minor
        == 7_813
    )  # 62.5 miles x 125 = 7 812.5


@given(rules, distances, stop_counts, tips, tips)
def test_tips_never_change_other_lines(
    rule: PayRule, metres: int, stops: int, one: dict[str, int], other: dict[str, int]
):
    with_one = [line for line in pay_lines(rule, metres, stops, one) if line.kind != PayKind.TIP]
    with_other = [
        line for line in pay_lines(rule, metres, stops, other) if line.kind != PayKind.TIP
    ]

    assert with_one == with_other


@given(rules, distances, stop_counts, tips)
def test_total_is_the_rule_plus_every_cent_of_the_tips(
    rule: PayRule, metres: int, stops: int, given_tips: dict[str, int]
):
    before_tips = pay_total_minor(pay_lines(rule, metres, stops, {}))

    assert before_tips >= rule.minimum_minor
    assert pay_total_minor(pay_lines(rule, metres, stops, given_tips)) == before_tips + sum(
        given_tips.values()
    )


@given(rules, distances, stop_counts)
def test_miles_are_exact_to_half_a_cent(rule: PayRule, metres: int, stops: int):
    amount = pay_lines(rule, metres, stops, {})[1].amount_minor
    exact = Fraction(rule.per_mile_minor * metres * 1_000, 1_609_344)

    assert -Fraction(1, 2) < amount - exact <= Fraction(1, 2)


@pytest.mark.parametrize(("metres", "stops", "tip"), [(-1, 2, 0), (1_000, -1, 0), (1_000, 2, -100)])
def test_negative_numbers_are_refused(metres: int, stops: int, tip: int):
    with pytest.raises(ValueError, match="negative"):
        pay_lines(RULE, metres, stops, {"dlv_a": tip})


@pytest.mark.parametrize(
    ("waited_s", "step", "amount"),
    [(0, 0, 0), (3_599, 0, 0), (3_600, 1, 200), (7_200, 2, 400), (90_000, 3, 600)],
)
def test_offer_that_nobody_takes_is_raised_by_steps(waited_s: int, step: int, amount: int):
    line = raise_line(RULE, step)

    assert raises_due(RULE, waited_s) == step
    assert (line.amount_minor if line is not None else 0) == amount


def test_later_steps_are_higher_and_the_first_rule_has_none():
    amounts = [each.amount_minor for each in RULE.raises]

    assert amounts == sorted(set(amounts))
    assert [each.after_s for each in RULE.raises] == sorted({each.after_s for each in RULE.raises})
    assert raises_due(FIRST_RULE, 1_000_000) == 0
    assert raise_line(RULE, len(RULE.raises) + 1) is None


def test_miles_that_come_later_are_paid_and_none_are_worth_nothing():
    line = per_mile_line(RULE, 1_609)

    assert line is not None
    assert (line.kind, line.amount_minor, line.unit_minor) == (PayKind.PER_MILE, 70, 70)
    assert per_mile_line(RULE, 5) is None
