"""The words and the JSON of the tracking page."""

from datetime import UTC, datetime, timedelta

import pytest
from babel import Locale

from app.domain.delivery import DeliveryStatus, Mover
from app.domain.events import FOR_CUSTOMERS, EventType
from app.domain.run import FailReason, StopKind
from app.domain.tracking import SeenFix, ShownProof, TimelineEntry, TrackingView
from app.domain.tracking_answer import Span
from app.web.customer.present import present
from app.web.times import Times
from tests.tracking_views import NOON, tracking_view

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def shown(view: TrackingView, now: datetime = NOON, locale: str = "en-US", ticket: str = "tkt"):
    return present(view, now=now, locale=locale, address="/t/abc", ticket=ticket)


def times(locale: str, now: datetime = NOON) -> Times:
    return Times(now=now, timezone="America/Phoenix", locale=Locale.parse(locale, sep="-"))


@pytest.mark.parametrize(
    ("locale", "clock", "near", "across"),
    [
        ("en-US", "4:10 pm", "4:10–4:25 pm", "11:50 am–12:05 pm"),
        ("en", "4:10 pm", "4:10–4:25 pm", "11:50 am–12:05 pm"),
        ("es", "16:10", "16:10–16:25", "11:50–12:05"),
        ("es-US", "4:10 p.m.", "4:10–4:25 p.m.", "11:50 a.m.–12:05 p.m."),
    ],
)
def test_times_are_said_as_people_of_a_language_say_them(locale, clock, near, across):
    at_4_10 = NOON + 4 * HOUR + 10 * MINUTE

    assert times(locale).clock(at_4_10) == clock
    assert times(locale).span(Span(at_4_10, at_4_10 + 15 * MINUTE)) == near
    assert times(locale).span(Span(NOON - 10 * MINUTE, NOON + 5 * MINUTE)) == across


@pytest.mark.parametrize(
    ("locale", "days", "text"),
    [
        ("en-US", 0, "Today 12:00–2:00 pm"),
        ("en-US", 1, "Tomorrow 12:00–2:00 pm"),
        ("en-US", 2, "Mon, Nov 23, 12:00–2:00 pm"),
        ("en-US", -1, "Fri, Nov 20, 12:00–2:00 pm"),
        ("es", 2, "lun, 23 nov, 12:00–14:00"),
    ],
)
def test_a_window_names_its_day(locale, days, text):
    start = NOON + timedelta(days=days)

    assert times(locale).dated_span(Span(start, start + 2 * HOUR)) == text


def test_a_day_is_the_sites_day_and_not_utcs():
    late_evening = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # 10 pm on the 21st in Phoenix

    assert times("en-US", late_evening).days_ahead(NOON) == 0
    assert times("en-US", late_evening).days_ahead(late_evening + 3 * HOUR) == 1


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"is_pin_wanted": True},
            (
                "Dina is early and can wait until 12:00 pm, when your time begins. "
                "If you like, come to the door for your 2 parcels now. "
                "Show the code below, or say the PIN."
            ),
        ),
        (
            {"leave_at_door": True},
            (
                "Dina is early and leaves your 2 parcels at your door at 12:00 pm, "
                "when your time begins. If you like, come to the door now."
            ),
        ),
    ],
)
def test_driver_before_the_window_is_said_to_be_early(facts, sentence):
    view = tracking_view("arrived_at_dropoff", driver_first_name="Dina", **facts)

    said = shown(view, NOON - 20 * MINUTE)

    assert (said["headline"], said["sentence"]) == ("Dina is at your door", sentence)


@pytest.mark.parametrize(
    ("status", "facts", "headline", "sentence"),
    [
        ("created", {}, "Today 12:00–2:00 pm", "Juniper is packing your 2 parcels."),
        (
            "ready_for_pickup",
            {"parcel_count": 1},
            "Today 12:00–2:00 pm",
            "Juniper has packed your parcel. A driver is being found.",
        ),
        (
            "enroute_to_pickup",
            {"driver_first_name": "Dina", "eta": NOON + 40 * MINUTE},
            "Arriving 12:30–12:50 pm",
            "Dina is on the way to Juniper to collect your 2 parcels.",
        ),
        (
            "arrived_at_pickup",
            {"driver_first_name": "Dina"},
            "Today 12:00–2:00 pm",
            "Dina is at Juniper, collecting your 2 parcels.",
        ),
        (
            "picked_up",
            {"driver_first_name": "Dina"},
            "Today 12:00–2:00 pm",
            "Dina has collected your 2 parcels and sets off soon.",
        ),
        (
            "enroute_to_dropoff",
            {"driver_first_name": "Dina", "eta": NOON + 15 * MINUTE, "stops_before": 1},
            "Arriving 12:10–12:20 pm",
            "Dina is on the way with your 2 parcels. One stop before you.",
        ),
        (
            "enroute_to_dropoff",
            {"driver_first_name": "Dina", "eta": NOON + 125 * MINUTE, "stops_before": 3},
            "Arriving 1:45–2:40 pm",
            (
                "Dina is on the way with your 2 parcels. 3 stops before you. "
                "This is later than promised (12:00–2:00 pm)."
            ),
        ),
        (
            "enroute_to_dropoff",
            {"eta": NOON, "stops_before": 0},
            "Arriving any minute",
            "Your driver is on the way with your 2 parcels. You are the next stop.",
        ),
        (
            "arrived_at_dropoff",
            {"driver_first_name": "Dina", "is_pin_wanted": True},
            "Dina is at your door",
            "Please come to the door. Show the code below, or say the PIN.",
        ),
        (
            "arrived_at_dropoff",
            {"driver_first_name": "Dina", "leave_at_door": True},
            "Dina is at your door",
            "Dina leaves your 2 parcels at your door.",
        ),
        (
            "delivered",
            {"driver_first_name": "Dina", "ended_at": NOON - 5 * MINUTE},
            "Delivered at 11:55 am",
            "Dina brought your 2 parcels.",
        ),
        (
            "enroute_to_return",
            {"driver_first_name": "Dina", "fail_reason": FailReason.NOBODY_HOME},
            "Coming back to the store",
            (
                "Dina could not hand over your 2 parcels: nobody answered the door. "
                "Everything goes back to Juniper."
            ),
        ),
        (
            "returned",
            {},
            "Back at the store",
            "Juniper has your 2 parcels back. Ask Juniper what happens next.",
        ),
        (
            "cancelled",
            {"cancelled_by": Mover.CLERK},
            "Cancelled by the store",
            "This delivery will not come. Ask Juniper what happens next.",
        ),
        (
            "lost",
            {"parcel_count": 1},
            "Your parcel is missing",
            "We cannot find your parcel, and we are sorry. Ask Juniper what happens next.",
        ),
    ],
)
def test_the_first_line_is_the_answer_and_the_second_says_why(status, facts, headline, sentence):
    state = shown(tracking_view(status, **facts))

    assert (state["headline"], state["sentence"]) == (headline, sentence)


@pytest.mark.parametrize(
    ("ago", "headline"),
    [(HOUR, "Delivered at 11:00 am"), (20 * HOUR, "Delivered yesterday at 4:00 pm")],
)
def test_a_delivery_of_yesterday_says_so(ago, headline):
    assert shown(tracking_view("delivered", ended_at=NOON - ago))["headline"] == headline


def test_late_without_a_driver_says_what_to_do():
    state = shown(tracking_view("created"), NOON + 3 * HOUR)

    assert state["headline"] == "Later than promised"
    assert state["sentence"] == (
        "Juniper is packing your 2 parcels. "
        "Promised was 12:00–2:00 pm. Ask Juniper if you cannot wait."
    )


def test_a_name_with_braces_stays_what_it_is():
    assert "{n}'s is packing" in str(shown(tracking_view(store_name="{n}'s"))["sentence"])


@pytest.mark.parametrize("status", DeliveryStatus)
@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_position_is_shown_only_on_the_way_and_when_allowed(status, is_allowed):
    fix = SeenFix(33.31, -111.88, 12.0, NOON - MINUTE)

    state = shown(tracking_view(status, fix=fix, is_position_allowed=is_allowed))

    is_shown = is_allowed and status is DeliveryStatus.ENROUTE_TO_DROPOFF
    assert state["position_allowed"] is is_shown
    assert (state["position"] is not None) is is_shown


@pytest.mark.parametrize("status", ["delivered", "returned", "cancelled", "lost"])
def test_after_the_end_there_is_no_pin_code_driver_or_socket(status):
    state = shown(tracking_view(status, pin="123456", driver_first_name="Dina"))

    assert state["is_final"] is True
    assert [state[name] for name in ("pin", "code_url", "driver", "socket")] == [None] * 4


def test_pin_and_code_come_together():
    state = shown(tracking_view("enroute_to_dropoff", pin="012345"))

    assert (state["pin"], state["code_url"]) == ("012345", "/t/abc/code.svg")


@pytest.mark.parametrize(
    ("evidence", "text"),
    [
        ("photo", "Photo taken at the door"),
        ("pin", "Confirmed with your PIN"),
        ("customer_code", "Confirmed with your code"),
        ("assertion", "Confirmed by the driver"),
    ],
)
def test_a_proof_says_how_it_was_confirmed(evidence, text):
    proof = ShownProof(evidence, NOON, has_photo=evidence == "photo")

    state = shown(tracking_view("delivered", ended_at=NOON, proof=proof))

    assert state["proof"] == {
        "photo_url": "/t/abc/proof.jpg" if evidence == "photo" else None,
        "text": text,
        "at": "2026-11-21T19:00:00.000Z",
    }


def test_the_timeline_tells_every_event_that_is_for_customers_and_no_other():
    entries = tuple(TimelineEntry(each, NOON) for each in EventType)

    lines = shown(tracking_view(timeline=entries))["timeline"]

    assert isinstance(lines, list)
    assert {line["type"] for line in lines} == {each.value for each in FOR_CUSTOMERS}
    assert all(line["text"] and line["at_text"] == "12:00 pm" for line in lines)


@pytest.mark.parametrize(
    ("stop", "text"),
    [(StopKind.PICKUP, "Driver at Juniper"), (StopKind.DROPOFF, "Driver at your door")],
)
def test_an_arrival_says_where(stop, text):
    entry = TimelineEntry(EventType.STOP_ARRIVED, NOON, stop)

    lines = shown(tracking_view(timeline=(entry,)))["timeline"]

    assert isinstance(lines, list)
    assert lines[0]["text"] == text


def test_the_revision_follows_the_words_and_not_the_clock_or_the_ticket():
    view = tracking_view("picked_up")

    assert shown(view)["rev"] == shown(view, NOON + MINUTE, ticket="other")["rev"]
    assert shown(view)["rev"] != shown(view, NOON + 3 * HOUR)["rev"]
