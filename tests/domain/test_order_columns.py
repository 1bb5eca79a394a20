"""Headings of all kinds of tables, and amounts as people type them."""

import pytest

from app.domain.order_columns import is_yes, match_columns, minor_units, missing


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (
            ["Order Number", "Full Name", "Phone", "Address 1", "City", "Zip"],
            {"merchant_ref": 0, "name": 1, "phone": 2, "street": 3, "city": 4, "postal_code": 5},
        ),
        (
            ["Pedido", "Nombre", "Tel.", "Calle", "Ciudad", "C\u00f3digo postal"],
            {"merchant_ref": 0, "name": 1, "phone": 2, "street": 3, "city": 4},
        ),
        (["merchant_ref", "merchant_ref"], {"merchant_ref": 0}),
        (["", "colour"], {}),
    ],
)
def test_columns_are_found_by_their_headings(headings: list[str], columns: dict[str, int]):
    assert match_columns(headings) == columns


def test_missing_names_what_an_order_needs():
    assert missing({"merchant_ref": 0, "name": 1, "phone": 2}) == ["street", "city", "postal_code"]


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("249.90", 24_990),
        ("$1,249.90", 124_990),
        ("12,50", 1_250),
        ("\u20ac 4", 400),
        ("0", 0),
        ("1.005", None),
        ("-1", None),
        ("1e9", None),
        ("NaN", None),
        ("Infinity", None),
        ("abc", None),
        ("", None),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, minor: int | None):
    assert minor_units(text) == minor


@pytest.mark.parametrize(
    ("text", "yes"), [("Yes", True), (" X ", True), ("no", False), ("", False)]
)
def test_yes_in_several_words(text: str, *, yes: bool):
    assert is_yes(text) is yes
