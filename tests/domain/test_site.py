import pytest

from app.domain.site import SiteKind, carrier_code, may_work


@pytest.mark.parametrize(
    ("typed", "code"),
    [("1z 999-aa", "1Z999AA"), ("", ""), (" - ", ""), ("ups_12", "UPS12")],
)
def test_a_carriers_code_is_compared_without_what_stands_between(typed: str, code: str):
    assert carrier_code(typed) == code


@pytest.mark.parametrize(
    ("hub_id", "kind", "allowed"),
    [
        (None, SiteKind.MALL, True),
        (None, SiteKind.STATION, True),
        (None, SiteKind.HUB, False),
        ("sit_here", SiteKind.HUB, True),
        ("sit_other", SiteKind.HUB, False),
        ("sit_other", SiteKind.MALL, False),
    ],
)
def test_a_hub_and_its_drivers_are_for_each_other(
    hub_id: str | None, kind: SiteKind, *, allowed: bool
):
    assert may_work(hub_id, "sit_here", kind) is allowed
