import itertools

import pytest

from app.domain.delivery import (
    ENDED,
    MOVES,
    WITH_DRIVER,
    WITH_STORE,
    DeliveryStatus,
    Mover,
    can_customer_change,
    is_pin_visible,
    may_move,
    may_store_give_link,
    require_move,
    status_before_claim,
)
from app.domain.errors import DomainError

S = DeliveryStatus


def refusal(before: S, after: S, by: Mover) -> str:
    with pytest.raises(DomainError) as refused:
        require_move(before, after, by)
    return refused.value.code


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.before}-{move.after}")
def test_every_listed_move_may_be_made_by_its_movers_only(move):
    for mover in Mover:
        assert may_move(move.before, move.after, mover) == (mover in move.by)
    for mover in move.by:
        require_move(move.before, move.after, mover)


def test_no_move_is_listed_twice():
    assert len({(move.before, move.after) for move in MOVES}) == len(MOVES)


def test_nothing_leaves_an_end():
    assert not [move for move in MOVES if move.before in ENDED]


def test_every_status_but_the_first_can_be_reached():
    assert {move.after for move in MOVES} == set(S)


def test_parcels_reach_the_customer_only_from_the_driver():
    before = {move.before for move in MOVES if move.after is S.DELIVERED}

    assert before <= WITH_DRIVER


def test_a_store_cancels_only_what_it_has():
    before = {move.before for move in MOVES if move.after is S.CANCELLED and Mover.CLERK in move.by}

    assert before == WITH_STORE


@pytest.mark.parametrize(
    ("before", "after", "by", "code"),
    [
        (S.CANCELLED, S.PICKED_UP, Mover.DRIVER, "delivery_cancelled"),
        (S.DELIVERED, S.ENROUTE_TO_RETURN, Mover.DRIVER, "delivery_closed"),
        (S.RETURNED, S.CANCELLED, Mover.CLERK, "delivery_closed"),
        (S.PICKED_UP, S.CANCELLED, Mover.CLERK, "delivery_not_cancellable"),
        (S.CREATED, S.CANCELLED, Mover.DRIVER, "delivery_not_cancellable"),
        (S.CREATED, S.DELIVERED, Mover.DRIVER, "stop_not_next"),
        (S.ENROUTE_TO_PICKUP, S.PICKED_UP, Mover.CLERK, "stop_not_next"),
    ],
)
def test_illegal_move_is_refused_in_words_that_help(before: S, after: S, by: Mover, code: str):
    assert refusal(before, after, by) == code


@pytest.mark.parametrize(("packed", "status"), [(True, S.READY_FOR_PICKUP), (False, S.CREATED)])
def test_released_delivery_waits_as_before(*, packed: bool, status: S):
    assert status_before_claim(is_packed=packed) is status


def test_customer_may_change_until_the_driver_is_there():
    changeable = {status for status in S if can_customer_change(status)}

    assert changeable == WITH_STORE | {S.PICKED_UP, S.ENROUTE_TO_DROPOFF}


@pytest.mark.parametrize("status", S)
def test_pin_is_seen_on_the_way_and_from_the_windows_start_once_somebody_comes(status: S):
    is_coming = status in {S.ENROUTE_TO_DROPOFF, S.ARRIVED_AT_DROPOFF}
    may_be_coming = status in WITH_STORE | {S.PICKED_UP}

    assert is_pin_visible(status, has_driver=False, is_window_open=True) == is_coming
    assert is_pin_visible(status, has_driver=True, is_window_open=False) == is_coming
    both = is_pin_visible(status, has_driver=True, is_window_open=True)
    assert both == (is_coming or may_be_coming)


@pytest.mark.parametrize("status", S)
def test_a_link_is_given_at_the_counter_only_while_it_shows_no_pin(status: S):
    for has_driver, is_window_open in itertools.product((False, True), repeat=2):
        facts = {"has_driver": has_driver, "is_window_open": is_window_open}

        given = may_store_give_link(status, is_by_hand=True, **facts)

        assert given == (status in WITH_STORE and not (has_driver and is_window_open))
        assert not (given and is_pin_visible(status, **facts))
        assert not may_store_give_link(status, is_by_hand=False, **facts)
