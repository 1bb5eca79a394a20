from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.delivery import COMING_BACK, ENDED, CancelReason, DeliveryStatus, Mover
from app.domain.eta import Spread
from app.domain.run import FailReason
from app.domain.site import SiteKind
from app.domain.tracking_answer import (
    Headline,
    Sentence,
    Span,
    Step,
    answer,
    is_ladder_shown,
    is_late,
)
from tests.tracking_views import NOON, tracking_view

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("status", "step", "headline", "sentences"),
    [
        ("created", Step.PLACED, Headline.PROMISED, [Sentence.PACKING]),
        ("ready_for_pickup", Step.PLACED, Headline.PROMISED, [Sentence.WAITING_FOR_DRIVER]),
        ("enroute_to_pickup", Step.ASSIGNED, Headline.PROMISED, [Sentence.DRIVING_TO_STORE]),
        ("arrived_at_pickup", Step.ASSIGNED, Headline.PROMISED, [Sentence.AT_STORE]),
        ("picked_up", Step.COLLECTED, Headline.PROMISED, [Sentence.COLLECTED]),
        ("enroute_to_dropoff", Step.ON_THE_WAY, Headline.PROMISED, [Sentence.ON_THE_WAY]),
        ("arrived_at_dropoff", Step.ON_THE_WAY, Headline.AT_DOOR, [Sentence.COME_TO_DOOR]),
        ("delivered", Step.DELIVERED, Headline.DELIVERED, [Sentence.DELIVERED]),
        ("enroute_to_return", Step.DELIVERED, Headline.COMING_BACK, [Sentence.TURNED_BACK]),
        ("arrived_at_return", Step.DELIVERED, Headline.COMING_BACK, [Sentence.TURNED_BACK]),
        ("returned", Step.DELIVERED, Headline.RETURNED, [Sentence.RETURNED, Sentence.ASK_STORE]),
        (
            "cancelled",
            Step.DELIVERED,
            Headline.CANCELLED_BY_STORE,
            [Sentence.CANCELLED, Sentence.ASK_STORE],
        ),
        ("lost", Step.DELIVERED, Headline.LOST, [Sentence.LOST, Sentence.ASK_STORE]),
    ],
)
def test_each_status_has_its_step_and_words(status, step, headline, sentences):
    said = answer(tracking_view(status), NOON)

    assert (said.step, said.headline, list(said.sentences)) == (step, headline, sentences)


@pytest.mark.parametrize("status", DeliveryStatus)
def test_every_status_is_answered_at_any_time(status):
    for now in (NOON - timedelta(days=1), NOON, NOON + timedelta(days=1)):
        said = answer(tracking_view(status, eta=NOON), now)
        assert said.sentences
        assert said.is_final == (status in ENDED)
        assert (said.arrival is not None) == (
            said.headline in {Headline.ARRIVING, Headline.ARRIVING_NOW}
        )


def test_a_guess_makes_the_answer_an_arrival_on_the_grid():
    said = answer(tracking_view("enroute_to_dropoff", eta=NOON + 15 * MINUTE, stops_before=1), NOON)

    assert said.headline is Headline.ARRIVING
    assert said.sentences == (Sentence.ON_THE_WAY, Sentence.STOPS_BEFORE)
    assert said.arrival == Span(NOON + 10 * MINUTE, NOON + 20 * MINUTE)


@pytest.mark.parametrize(
    ("minutes", "stops_before", "headline"),
    [
        (2, 0, Headline.ARRIVING_NOW),
        (-5, 0, Headline.ARRIVING_NOW),
        (3, 0, Headline.ARRIVING),
        (2, 1, Headline.ARRIVING),
        (2, None, Headline.ARRIVING),
    ],
)
def test_any_minute_is_said_only_to_the_next_stop(minutes, stops_before, headline):
    seen = tracking_view(
        "enroute_to_dropoff", eta=NOON + minutes * MINUTE, stops_before=stops_before
    )

    assert answer(seen, NOON).headline is headline


def test_the_next_stop_is_told_so():
    assert answer(tracking_view("enroute_to_dropoff", stops_before=0), NOON).sentences[-1] is (
        Sentence.NEXT_STOP
    )


def test_a_guess_before_a_driver_means_nothing():
    assert answer(tracking_view("created", eta=NOON), NOON).headline is Headline.PROMISED


def test_an_arrival_is_told_as_exactly_as_its_site_allows():
    view = tracking_view("picked_up", eta=NOON + 60 * MINUTE, stops_ahead=2)
    sure = replace(view, spread=Spread(early=0.2, late=0.2))

    told, told_surely = answer(view, NOON).arrival, answer(sure, NOON).arrival

    assert told is not None
    assert told_surely is not None
    assert told_surely.until - told_surely.start < told.until - told.start


@pytest.mark.parametrize(
    ("status", "last", "headline"),
    [
        ("created", Sentence.LATE_NO_DRIVER, Headline.LATE),
        ("ready_for_pickup", Sentence.LATE_NO_DRIVER, Headline.LATE),
        ("enroute_to_pickup", Sentence.LATE, Headline.LATE),
        ("picked_up", Sentence.LATE, Headline.LATE),
        ("enroute_to_dropoff", Sentence.LATE, Headline.LATE),
        ("arrived_at_dropoff", Sentence.COME_TO_DOOR, Headline.AT_DOOR),
        ("delivered", Sentence.DELIVERED, Headline.DELIVERED),
    ],
)
def test_a_passed_window_is_said_plainly(status, last, headline):
    said = answer(tracking_view(status), NOON + timedelta(hours=2, minutes=1))

    assert (said.sentences[-1], said.headline) == (last, headline)


def test_a_guess_after_the_window_is_late_already_now():
    seen = tracking_view("enroute_to_dropoff", eta=NOON + timedelta(hours=3))

    assert is_late(seen, NOON)
    assert answer(seen, NOON).headline is Headline.ARRIVING
    assert answer(seen, NOON).sentences[-1] is Sentence.LATE


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"is_pin_wanted": True, "leave_at_door": True}, Sentence.HAVE_PIN_READY),
        ({"is_pin_wanted": True, "is_pin_locked": True}, Sentence.HAVE_CODE_READY),
        ({"is_pin_locked": True}, Sentence.COME_TO_DOOR),
        ({"leave_at_door": True}, Sentence.LEAVES_AT_DOOR),
        ({}, Sentence.COME_TO_DOOR),
    ],
)
def test_at_the_door_the_customer_hears_what_to_do(facts, sentence):
    assert answer(tracking_view("arrived_at_dropoff", **facts), NOON).sentences == (sentence,)


@pytest.mark.parametrize(
    ("facts", "sentences"),
    [
        (
            {"is_pin_wanted": True, "leave_at_door": True},
            (Sentence.EARLY_AT_DOOR, Sentence.SHOW_CODE),
        ),
        (
            {"is_pin_wanted": True, "is_pin_locked": True, "leave_at_door": True},
            (Sentence.EARLY_AT_DOOR,),
        ),
        ({"leave_at_door": True}, (Sentence.EARLY_LEAVES_AT_DOOR,)),
        ({}, (Sentence.EARLY_AT_DOOR,)),
    ],
)
def test_driver_who_is_early_hurries_nobody(facts, sentences):
    seen = tracking_view("arrived_at_dropoff", **facts)

    assert answer(seen, NOON - MINUTE).sentences == sentences
    assert answer(seen, NOON - MINUTE).headline is Headline.AT_DOOR


def test_arrival_is_told_no_earlier_than_it_was_promised():
    seen = tracking_view("enroute_to_dropoff", eta=NOON, stops_before=0)

    said = answer(seen, NOON - 25 * MINUTE)

    assert said.headline is Headline.ARRIVING
    assert said.arrival is not None
    assert said.arrival.start == NOON


def test_a_reason_for_turning_back_is_told():
    seen = tracking_view("enroute_to_return", fail_reason=FailReason.NOBODY_HOME)

    assert answer(seen, NOON).sentences == (Sentence.COULD_NOT_HAND_OVER,)


@pytest.mark.parametrize(
    ("by", "headline"),
    [
        (None, Headline.CANCELLED_BY_STORE),
        (Mover.CLERK, Headline.CANCELLED_BY_STORE),
        (Mover.MERCHANT, Headline.CANCELLED_BY_STORE),
        (Mover.DISPATCHER, Headline.CANCELLED),
    ],
)
def test_a_cancellation_names_the_store_only_when_it_was_the_store(by, headline):
    assert answer(tracking_view("cancelled", cancelled_by=by), NOON).headline is headline


@pytest.mark.parametrize("reason", CancelReason)
def test_a_cancellation_says_why_unless_nobody_chose_a_reason(reason):
    said = answer(tracking_view("cancelled", cancel_reason=reason), NOON)
    unsaid = answer(tracking_view("cancelled"), NOON)

    assert (said.sentences == unsaid.sentences) is (reason is CancelReason.OTHER)
    assert said.sentences[0] is Sentence.CANCELLED


@pytest.mark.parametrize("status", DeliveryStatus)
def test_the_ladder_is_shown_while_it_leads_to_the_door(status):
    ends_elsewhere = status in COMING_BACK or (
        status in ENDED and status is not DeliveryStatus.DELIVERED
    )

    assert is_ladder_shown(status) is not ends_elsewhere


@pytest.mark.parametrize(
    ("kind", "is_with_carrier", "sentence"),
    [
        (SiteKind.HUB, True, Sentence.COMING_IN),
        (SiteKind.STATION, True, Sentence.COMING_IN),
        (SiteKind.HUB, False, Sentence.AT_HUB),
        (SiteKind.STATION, False, Sentence.AT_STATION),
        (SiteKind.STREET, False, Sentence.PACKING),
    ],
)
def test_parcels_are_said_to_be_where_a_carrier_has_brought_them(kind, is_with_carrier, sentence):
    view = tracking_view("created", site_kind=kind, is_with_carrier=is_with_carrier)

    assert answer(view, NOON).sentences == (sentence,)


def test_once_a_driver_comes_the_page_tells_of_the_driver():
    view = tracking_view("enroute_to_pickup", site_kind=SiteKind.HUB)

    assert answer(view, NOON).sentences == (Sentence.DRIVING_TO_STORE,)
