import dataclasses
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pay import CURRENT_PAY_RULE, PAY_RULES, PayKind, PayRule, pay_lines, pay_total_minor

RULE = PAY_RULES[CURRENT_PAY_RULE]

minor = st.integers(0, 100_000)
rules = st.builds(PayRule, st.just("test"), st.just("USD"), minor, minor, minor, minor)
tips = st.dictionaries(st.text(min_size=1, max_size=5), minor, max_size=6)
distances = st.integers(0, 200_000)
stop_counts = st.integers(0, 20)


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


def test_short_run_is_raised_to_the_minimum_in_the_base():
    lines = pay_lines(RULE, 100, 2, {"dlv_a": 2_000})

    assert pay_total_minor(lines) - 2_000 == RULE.minimum_minor
    assert lines[0].amount_minor == 1_000 - 4 - 350


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
