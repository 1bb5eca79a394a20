"""Earnings by week and day, each run with its stops, and the table for a spreadsheet."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import clock
from app.web.spreadsheet import amount_cell, text_cell
from tests.factories import Mall
from tests.journeys import collected
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines

PHOENIX = "America/Phoenix"
#: A Monday at half past ten in the evening in Phoenix; in Greenwich it is Tuesday.
MONDAY_NIGHT = datetime(2026, 1, 6, 5, 30, tzinfo=UTC)


def drives(driver: Driver, clerk: Clerk, at: datetime = MONDAY_NIGHT, **given: Any) -> str:
    """Let a driver bring one run to its end at an instant."""
    with clock.frozen(at):
        run_id = collected(driver, clerk, given)
        driver.deliver(driver.stops("dropoff")[0])
    return run_id


def week(driver: Driver, on: str = "2026-01-05", timezone: str = PHOENIX) -> dict[str, Any]:
    query = {"timezone": timezone, "on": on}
    with clock.frozen(MONDAY_NIGHT + timedelta(days=1)):
        return driver.client.get("/driver/api/earnings", query_string=query).get_json()


def table(driver: Driver, **query: str) -> list[dict[str, str]]:
    asked = {"timezone": PHOENIX, "first_on": "2026-01-01", "last_on": "2026-01-31"} | query
    answer = driver.client.get("/driver/api/earnings.csv", query_string=asked)
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


class TestTheWeek:
    def test_run_stands_on_the_day_of_the_drivers_own_clock(self, dina: Driver, carl: Clerk):
        run_id = drives(dina, carl, tip_minor=500)

        here, greenwich = week(dina), week(dina, timezone="UTC")

        assert [day["on"] for day in here["days"]] == ["2026-01-05"]
        assert [day["on"] for day in greenwich["days"]] == ["2026-01-06"]
        assert [run["id"] for run in here["days"][0]["runs"]] == [run_id]

    def test_sums_are_those_of_the_runs(self, dina: Driver, carl: Clerk):
        drives(dina, carl, tip_minor=500)
        drives(dina, carl, MONDAY_NIGHT + timedelta(hours=12))

        found = week(dina)

        sums = [
            sum(run["pay_total"]["amount_minor"] for run in day["runs"]) for day in found["days"]
        ]
        assert [day["on"] for day in found["days"]] == ["2026-01-06", "2026-01-05"]
        assert [day["total"]["amount_minor"] for day in found["days"]] == sums
        assert found["total"]["amount_minor"] == sum(sums)

    def test_weeks_lead_to_their_neighbours_but_not_into_the_future(
        self, dina: Driver, carl: Clerk
    ):
        drives(dina, carl)

        present, before = week(dina), week(dina, on="2026-01-04")

        assert (present["first_on"], present["last_on"]) == ("2026-01-05", "2026-01-11")
        assert (present["previous_on"], present["next_on"]) == ("2026-01-04", None)
        assert (before["days"], before["total"]["amount_minor"]) == ([], 0)
        assert before["next_on"] == "2026-01-05"

    @pytest.mark.parametrize(
        "query",
        [
            {"timezone": "../../etc/passwd"},
            {"timezone": "America"},
            {"timezone": "Mars/Olympus"},
            {"timezone": ""},
            {"on": "yesterday"},
            {"on": "9999-12-31"},
            {"on": "0001-01-01"},
        ],
    )
    def test_what_is_no_zone_or_no_day_is_refused(self, dina: Driver, query: dict[str, str]):
        for path in ("earnings", "earnings.csv"):
            asked = {"last_on" if key == "on" else key: value for key, value in query.items()}
            shown = query if path == "earnings" else asked
            answer = dina.client.get(f"/driver/api/{path}", query_string=shown)
            assert (answer.status_code, code_of(answer)) == (422, "invalid_input")


class TestTheRun:
    def test_each_line_names_its_stop(self, dina: Driver, carl: Clerk):
        run_id = drives(dina, carl, tip_minor=500)

        run = dina.client.get(f"/driver/api/earnings/{run_id}").get_json()

        assert [(stop["seq"], stop["kind"], stop["status"]) for stop in run["stops"]] == [
            (1, "pickup", "done"),
            (2, "dropoff", "done"),
        ]
        assert [line["stop_seq"] for line in run["pay"] if line["kind"] == "tip"] == [2]
        assert run["pay_total"]["amount_minor"] == sum(line["amount_minor"] for line in run["pay"])

    def test_door_is_an_area_and_no_street(self, dina: Driver, carl: Clerk):
        run_id = drives(dina, carl)

        answer = dina.client.get(f"/driver/api/earnings/{run_id}")

        assert answer.get_json()["stops"][1]["place"].startswith("85224")
        assert not [fact for fact in ("Dobson", "Cleo", "Apt 4", "33.318") if fact in answer.text]

    def test_run_that_is_not_finished_or_not_hers_is_not_found(
        self, dina: Driver, dan: Driver, carl: Clerk
    ):
        theirs = drives(dina, carl)
        open_run = collected(dan, carl)

        for run_id in (theirs, open_run, "run_x"):
            refused = dan.client.get(f"/driver/api/earnings/{run_id}")
            assert code_of(refused) == "not_found"


class TestTheTable:
    def test_every_line_is_a_row_in_the_drivers_time(self, dina: Driver, carl: Clerk):
        run_id = drives(dina, carl, tip_minor=500)

        rows = table(dina)

        assert {(row["date"], row["time"], row["run"]) for row in rows} == {
            ("2026-01-05", "22:30", run_id)
        }
        assert [row["line"] for row in rows][-1] == "tip"
        assert [row["amount"] for row in rows][-1] == "5.00"
        (day,) = week(dina)["days"]
        in_minor = round(sum(float(row["amount"]) for row in rows) * 100)
        assert in_minor == day["total"]["amount_minor"]

    def test_name_of_a_place_is_no_formula(self, mall: Mall, dina: Driver, carl: Clerk):
        drives(dina, carl)
        with mall.writing() as current:
            current.execute(
                text("UPDATE site SET name = :name WHERE id = :id"),
                {"name": '=HYPERLINK("http://x")', "id": mall.site_id},
            )

        assert {row["site"] for row in table(dina)} == {'\'=HYPERLINK("http://x")'}

    def test_other_days_and_other_drivers_are_left_out(
        self, dina: Driver, dan: Driver, carl: Clerk
    ):
        drives(dina, carl)

        assert table(dina, first_on="2026-01-06") == []
        assert table(dan) == []

    @pytest.mark.parametrize(
        ("first", "last"), [("2026-01-06", "2026-01-05"), ("2024-01-01", "2026-01-05")]
    )
    def test_span_is_forward_and_not_endless(self, dina: Driver, first: str, last: str):
        query = {"first_on": first, "last_on": last}
        refused = dina.client.get("/driver/api/earnings.csv", query_string=query)

        assert code_of(refused) == "invalid_input"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_cells_that_would_run_are_quoted(start: str):
    assert text_cell(f"{start}1+1") == f"'{start}1+1"


def test_plain_cells_stay_as_they_are():
    assert text_cell("Chandler Fashion Center") == "Chandler Fashion Center"
    assert [amount_cell(minor) for minor in (0, 5, 1_250, -400)] == [
        "0.00",
        "0.05",
        "12.50",
        "-4.00",
    ]
