"""Addresses on one line, as shops send them."""

import pytest

from app.domain.written_address import read_address


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "20 W 34th St, Floor 2, New York, NY 10001, US",
            ("20 W 34th St", "Floor 2", "New York", "10001"),
        ),
        ("123 N Dobson Rd, Chandler, AZ, 85224-1234", ("123 N Dobson Rd", "", "Chandler", "85224")),
        (
            "123 N Dobson Rd Apt 4, Chandler, AZ 85224",
            ("123 N Dobson Rd", "Apt 4", "Chandler", "85224"),
        ),
        (
            "123 N Dobson Rd, Back door, Chandler, 85224",
            ("123 N Dobson Rd", "Back door", "Chandler", "85224"),
        ),
        (
            "901 Market Street 6th Floor San Francisco, CA 94103",
            ("901 Market Street", "6th Floor", "San Francisco", "94103"),
        ),
        ("901 Market Street", ("901 Market Street", "", "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_line_is_taken_apart(line: str, parts: tuple[str, str, str, str]):
    found = read_address(line, known_city="San Francisco")

    assert (found.street, found.unit, found.city, found.postal_code) == parts
