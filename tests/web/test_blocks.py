"""Blocks at the console and in the driver app, and what they add to the earnings."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app import clock
from app.accounts import people
from app.blocks import queries, service
from app.blocks.service import NewBlock
from app.domain.act import Act
from app.domain.block import Hours
from app.sites import queries as sites
from tests import factories, office
from tests.factories import Mall
from tests.office import Office
from tests.personas import Driver, code_of

ZONE = ZoneInfo("America/Phoenix")


@pytest.fixture
def mall(app: Flask) -> Mall:
    """A mall in a database of its own: the only place that a driver sees."""
    return factories.a_mall(app)


@pytest.fixture
def desmond(mall: Mall) -> Office:
    return office.signed_in(mall, "Desmond Day", "dispatcher")


def opens(desmond: Office, mall: Mall, **changes: str):
    """Type a block for tomorrow afternoon."""
    tomorrow = clock.now().astimezone(ZONE).date() + timedelta(days=2)
    form = {
        "on_day": tomorrow.isoformat(),
        "from_time": "16:00",
        "until_time": "20:00",
        "places": "1",
        "hourly": "19.50",
        "return_hours": "24",
    }
    return desmond.post(f"sites/{mall.site_id}/blocks", **(form | changes))


def mine_and_open(driver: Driver, mall: Mall) -> tuple[list[dict], list[dict]]:
    """Return a driver's blocks at a mall and those that are open there."""
    found = driver.client.get("/driver/api/blocks").get_json()
    return tuple(  # pyright: ignore[reportReturnType]
        [each for each in found[key] if each["site"]["id"] == mall.site_id]
        for key in ("mine", "open")
    )


def test_dispatcher_opens_driver_takes_and_gives_back(mall: Mall, desmond: Office, dina: Driver):
    assert opens(desmond, mall).status_code == 303
    _mine, (block,) = mine_and_open(dina, mall)

    assert (block["seconds"], block["places_left"]) == (4 * 3_600, 1)
    assert block["least"] == {"amount_minor": 7_800, "currency": "USD"}
    assert dina.post(f"blocks/{block['id']}/take").status_code == 200
    ((mine,), open_) = mine_and_open(dina, mall)
    assert (mine["id"], open_) == (block["id"], [])
    page = desmond.get(f"sites/{mall.site_id}/blocks").text
    assert "Dina Diaz" in page
    assert "1 of 1" in page
    assert "$19.50 an hour, $78.00 in all" in page
    assert dina.post(f"blocks/{block['id']}/return").status_code == 200
    assert [each["id"] for each in mine_and_open(dina, mall)[1]] == [block["id"]]


def test_last_place_is_gone_for_the_second(mall: Mall, desmond: Office, dina: Driver, dan: Driver):
    opens(desmond, mall)
    _mine, (block,) = mine_and_open(dina, mall)

    assert dina.post(f"blocks/{block['id']}/take").status_code == 200

    assert code_of(dan.post(f"blocks/{block['id']}/take")) == "block_full"
    assert mine_and_open(dan, mall)[1][0]["places_left"] == 0


def test_block_of_ones_own_says_whom_to_call_and_an_open_one_does_not(
    mall: Mall, desmond: Office, dina: Driver, dan: Driver
):
    with mall.writing():
        site = sites.site(mall.site_id)
        assert site is not None
        site.dispatcher_phone = "+1 480 555 0160"
    opens(desmond, mall, places="2")
    _mine, (block,) = mine_and_open(dina, mall)

    dina.post(f"blocks/{block['id']}/take")

    ((mine,), _open) = mine_and_open(dina, mall)
    _mine, (still_open,) = mine_and_open(dan, mall)
    assert mine["dispatcher_phone"] == "+1 480 555 0160"
    assert still_open["dispatcher_phone"] is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"on_day": "2020-01-01"}, "This block has begun"),
        ({"on_day": "soon"}, "Enter a day"),
        ({"until_time": "16:30"}, "A block lasts from 1 to 12 hours"),
        ({"until_time": "25:00"}, "Enter a time, for example 20:00."),
        ({"places": "0"}, "Enter a whole number from 1 to 500."),
        ({"hourly": "a lot"}, "Enter an amount such as 20"),
        ({"return_hours": "999"}, "Enter whole hours from 1 to 168."),
    ],
)
def test_wrong_entries_are_explained(
    mall: Mall, desmond: Office, changes: dict[str, str], said: str
):
    answer = opens(desmond, mall, **changes)

    assert answer.status_code == 422
    assert said in answer.text


def test_closed_block_is_not_offered_any_more(mall: Mall, desmond: Office, dina: Driver):
    opens(desmond, mall)
    _mine, (block,) = mine_and_open(dina, mall)

    assert desmond.get(f"blocks/{block['id']}/close").status_code == 200
    assert desmond.post(f"blocks/{block['id']}/close", reason="Rain").status_code == 303

    assert mine_and_open(dina, mall) == ([], [])
    assert "Closed" in desmond.get(f"sites/{mall.site_id}/blocks").text


def test_earnings_show_what_lifted_the_pay(mall: Mall, desmond: Office, dina: Driver):
    opens(desmond, mall)
    _mine, (block,) = mine_and_open(dina, mall)
    dina.post(f"blocks/{block['id']}/take")
    ends_at = datetime.fromisoformat(block["ends_at"])
    with mall.writing():
        place = queries.place_of(block["id"], dina.person_id)
        assert place is not None
        assert service.settle(place.id, now=ends_at)

    zone, day = "timezone=America/Phoenix", ends_at.astimezone(ZONE).date().isoformat()
    week = dina.client.get(f"/driver/api/earnings?{zone}&on={day}").get_json()
    table = dina.client.get(f"/driver/api/earnings.csv?{zone}&last_on={day}").text

    (earned,) = week["days"]
    (paid,) = earned["blocks"]
    assert week["total"] == earned["total"] == paid["pay_total"] == paid["guaranteed"]
    assert (paid["pay_total"]["amount_minor"], paid["earned"]["amount_minor"]) == (7_800, 0)
    assert "block_guarantee" in table
    assert "78.00" in table


def block_names(driver: Driver) -> list[tuple[str, int | None]]:
    found = driver.client.get("/driver/api/blocks").get_json()["open"]
    return [(each["site"]["name"], each["away_m"]) for each in found]


def opened(mall: Mall, *begins: int) -> None:
    """Open blocks that begin in so many hours."""
    with mall.writing():
        for hours in begins:
            start = clock.now() + timedelta(hours=hours)
            block = NewBlock(Hours(start, start + timedelta(hours=4)), 1, 2_000, timedelta(0))
            service.open_block(mall.site_id, block, act=Act.of_system(clock.now()))


def a_place(app: Flask, name: str, lat: float, kind: str = "mall") -> Mall:
    """Set up another place with a block tomorrow, before any of the mall's."""
    place = factories.a_mall(app, kind=kind)
    with place.writing():
        site = sites.site(place.site_id)
        assert site is not None
        site.name, site.lat = name, lat
    opened(place, 24)
    return place


def test_nearest_places_come_first_and_far_ones_not_at_all(app: Flask, mall: Mall, dina: Driver):
    opened(mall, 48, 72)
    a_place(app, "Next", 33.50)
    a_place(app, "Far", 36.10)
    a_place(app, "Hub", 33.31, kind="hub")
    dina.report(33.31, -111.89)

    at_work = block_names(dina)
    dina.post("duty", on_duty=False, site_id=None)

    assert [name for name, _away in at_work] == ["Chandler Fashion Center"] * 2 + ["Next"]
    assert [away for _name, away in at_work][:2] == [1_100, 1_100]
    # Off duty, and without any run before, nobody knows where she is: the next come first.
    assert {name for name, _away in block_names(dina)[:2]} == {"Far", "Next"}
    assert {away for _name, away in block_names(dina)} == {None}


def test_off_duty_near_is_where_the_last_run_was(app: Flask, mall: Mall, dina: Driver):
    opened(mall, 48)
    a_place(app, "Far", 36.10)
    run_id = mall.offers()
    assert dina.claim(run_id).status_code == 200
    dina.post(f"runs/{run_id}/release", reason="mistake", note="")
    dina.post("duty", on_duty=False, site_id=None)

    assert block_names(dina) == [("Chandler Fashion Center", 0)]


def test_place_with_many_blocks_hides_no_other(app: Flask, mall: Mall, dina: Driver):
    opened(mall, *range(30, 30 + queries.OPEN_MAX + 5))
    a_place(app, "Next", 33.50)

    names = [name for name, _away in block_names(dina)]

    assert names == ["Chandler Fashion Center"] * queries.OPEN_MAX + ["Next"]


def test_blocks_of_a_hub_are_its_own_drivers(app: Flask, mall: Mall, dina: Driver):
    hub = a_place(app, "Hub", 33.31, kind="hub")
    with hub.reading():
        (block,) = queries.blocks_of_site(hub.site_id, since=clock.now())
        block_id = block.id

    assert code_of(dina.post(f"blocks/{block_id}/take")) == "hub_drivers_only"
    assert block_names(dina) == []
    with mall.writing():
        people.require_driver(dina.person_id).hub_id = hub.site_id
        people.require_driver(dina.person_id).duty_site_id = hub.site_id
    assert [name for name, _away in block_names(dina)] == ["Hub"]
    assert dina.post(f"blocks/{block_id}/take").status_code == 200
