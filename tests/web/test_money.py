"""Money is written one way, whether the server or the browser writes it."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from flask import Flask

from app.domain.pay import per_mile_line
from app.domain.pay_rules import CURRENT_PAY_RULE, PAY_RULES
from app.web.formats import pay_facts, spoken_money

pytestmark = pytest.mark.both_engines


@pytest.mark.parametrize(
    ("language", "amount_minor", "currency", "text"),
    [
        # As a browser's Intl.NumberFormat: letters apart, by a space that does not break.
        ("es-MX", 70, "USD", "USD\u00a00.70"),
        ("es-MX", 4_436, "USD", "USD\u00a044.36"),
        ("es-MX", 4_436, "MXN", "$44.36"),
        ("es-US", 4_436, "USD", "$44.36"),
        ("en-US", 4_436, "USD", "$44.36"),
        ("es-ES", 4_436, "EUR", "44,36\u00a0€"),
    ],
)
def test_currency_of_letters_stands_apart(
    app: Flask, language: str, amount_minor: int, currency: str, text: str
):
    with app.test_request_context(headers={"Accept-Language": language}):
        assert spoken_money(amount_minor, currency) == text


@pytest.mark.parametrize(
    ("kind", "quantity", "unit_minor", "text"),
    [
        ("per_mile", 28_939, 70, "17.982 mi × $0.70"),
        ("per_mile", 16_093, 70, "10 mi × $0.70"),
        ("per_stop", 20, 175, "20 stops × $1.75"),
        ("waiting", 150, 35, "2.5 min × $0.35"),
    ],
)
def test_line_of_pay_says_what_it_was_computed_from(
    app: Flask, kind: str, quantity: int, unit_minor: int, text: str
):
    with app.test_request_context(headers={"Accept-Language": "en-US"}):
        assert pay_facts(kind, quantity, unit_minor, "USD") == text


def test_miles_that_are_read_times_the_rate_are_what_is_paid(app: Flask):
    rule = PAY_RULES[CURRENT_PAY_RULE]
    lines = [per_mile_line(rule, distance_m) for distance_m in range(1_000, 60_000, 37)]
    with app.test_request_context(headers={"Accept-Language": "en-US"}):
        odd = [
            line
            for line in lines
            if line
            and _product(pay_facts(line.kind, line.quantity, line.unit_minor, "USD"))
            != line.amount_minor
        ]

    # No number of digits is enough for every distance.
    assert len(odd) < len(lines) * 0.03


def _product(facts: str) -> Decimal:
    """Multiply "17.982 mi × $0.70" as a driver would: minor units, to the nearest."""
    miles, rate = facts.split(" mi × $")
    return (Decimal(miles) * Decimal(rate) * 100).quantize(Decimal(1), ROUND_HALF_UP)
