"""Stock tables: all of a table counts, or nothing and the row that is wrong."""

import pytest

from app.domain.errors import DomainError
from app.domain.stock import quantities_of

HEADING = ["Name", "SKU", " quantity "]


def test_columns_are_found_by_name_and_the_last_row_of_a_product_counts():
    rows = [HEADING, ["Lamp", "L1", "3"], ["Lamp", "L1", "4"], ["Rug", "R1", "0"]]

    assert quantities_of(rows) == {"L1": 4, "R1": 0}


@pytest.mark.parametrize("heading", [["sku"], ["quantity"], ["a", "b"]])
def test_both_columns_are_needed(heading: list[str]):
    with pytest.raises(DomainError) as refused:
        quantities_of([heading, ["1", "2"]])

    assert refused.value.code == "stock_columns"


@pytest.mark.parametrize(
    "row",
    [
        ["", "", "3"],
        ["", "x" * 101, "3"],
        ["", "L\x001", "3"],
        ["", "L1", "-1"],
        ["", "L1", "1.5"],
        ["", "L1", "²"],
        ["", "L1", ""],
        ["", "L1"],
        [""],
        ["", "L1", "1000001"],
        ["", "L1", "99999999"],
    ],
)
def test_row_that_is_wrong_is_named(row: list[str]):
    with pytest.raises(DomainError) as refused:
        quantities_of([HEADING, ["Rug", "R1", "1000000"], row])

    assert (refused.value.code, refused.value.facts) == ("stock_row", {"row": 3})
