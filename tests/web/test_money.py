"""Money is written one way, whether the server or the browser writes it."""

import pytest
from flask import Flask

from app.web.formats import spoken_money

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
