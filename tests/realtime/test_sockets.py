"""Sockets: rooms that the server computes, nudges out, nothing in."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.accounts import people, sessions
from app.deliveries import renewing
from app.domain.act import Act
from app.extensions import socketio
from tests.devices import tablet_of
from tests.factories import Mall, command
from tests.journeys import at_door, claimed, collected
from tests.personas import Clerk, Driver
from tests.realtime.conftest import Connect


def ticket(state: dict[str, Any]) -> str:
    return state["socket"]["ticket"]


def page(mall: Mall, delivery_id: str) -> dict[str, Any]:
    return mall.app.test_client().get(f"{mall.link(delivery_id)}/state").get_json()


def heard(socket: Any) -> list[str]:
    """Return what a socket heard since the last look, as `name entity`."""
    return [
        f"{each['name']} {each['args'][0].get('entity', '')}".strip()
        for each in socket.get_received()
    ]


class TestWhoComesIn:
    @pytest.mark.parametrize("made_up", [None, "", "x", "WyJkcml2ZXIiXQ.a.b"])
    def test_without_a_ticket_nobody(self, connect: Connect, made_up: str | None):
        assert not connect(made_up).is_connected()

    def test_ticket_of_a_signed_in_driver(self, dina: Driver, connect: Connect):
        assert connect(ticket(dina.state())).is_connected()

    def test_ticket_of_a_session_that_ended(self, dina: Driver, connect: Connect):
        old = ticket(dina.state())
        dina.client.post("/driver/api/logout")

        assert not connect(old).is_connected()

    def test_challenge_of_a_phone_is_no_ticket(self, dina: Driver, connect: Connect):
        assert not connect(dina.state()["device"]["challenge"]).is_connected()

    def test_fourth_socket_of_a_session_closes_the_oldest(self, dina: Driver, connect: Connect):
        sockets = [connect(ticket(dina.state())) for _ in range(4)]

        assert [socket.is_connected() for socket in sockets] == [False, True, True, True]


class TestWhoHears:
    def test_drivers_on_duty_hear_of_offers(self, mall: Mall, dina: Driver, connect: Connect):
        socket = connect(ticket(dina.state()))

        mall.offers()

        assert "changed offers" in heard(socket)

    def test_driver_off_duty_hears_of_none(self, mall: Mall, dina: Driver, connect: Connect):
        socket = connect(ticket(dina.state()))
        dina.post("duty", on_duty=False, site_id=None)
        heard(socket)

        mall.offers()

        assert heard(socket) == []

    def test_going_on_duty_is_enough_to_hear(self, mall: Mall, dina: Driver, connect: Connect):
        dina.post("duty", on_duty=False, site_id=None)
        socket = connect(ticket(dina.state()))

        dina.post("duty", on_duty=True, site_id=mall.site_id)
        mall.offers()

        assert "changed offers" in heard(socket)

    def test_store_hears_of_its_own_only(
        self, mall: Mall, carl: Clerk, mallory: Clerk, connect: Connect
    ):
        own, other = connect(ticket(carl.state())), connect(ticket(mallory.state()))

        mall.places()

        assert (heard(own), heard(other)) == (["changed store"], [])

    def test_customer_hears_of_the_own_delivery_only(
        self, mall: Mall, carl: Clerk, connect: Connect
    ):
        mine, other = mall.places(), mall.places()
        socket = connect(ticket(page(mall, mine)))

        carl.post(f"deliveries/{other}/pack")
        before = heard(socket)
        carl.post(f"deliveries/{mine}/pack")

        assert (before, heard(socket)) == ([], ["changed delivery"])

    def test_holder_of_a_revoked_link_hears_nothing_more(
        self, mall: Mall, carl: Clerk, connect: Connect
    ):
        mine = mall.places()
        old = ticket(page(mall, mine))
        socket = connect(old)
        with mall.writing():
            act = Act.of_system(clock.now())
            renewing.reissue_link(mine, reason="Forwarded", act=act)
        heard(socket)

        carl.post(f"deliveries/{mine}/pack")

        assert heard(socket) == []
        assert not connect(old).is_connected()
        assert connect(ticket(page(mall, mine))).is_connected()

    def test_customers_of_one_run_hear_that_it_moves(
        self, mall: Mall, dina: Driver, carl: Clerk, connect: Connect
    ):
        collected(dina, carl, {}, {"merchant_ref": "A-2", "lat": 33.33})
        first, second = dina.stops("dropoff")
        socket = connect(ticket(page(mall, second["delivery"]["id"])))

        dina.deliver(first)

        assert "changed delivery" in heard(socket)

    def test_driver_hears_what_the_store_does_with_the_run(
        self, mall: Mall, dina: Driver, carl: Clerk, connect: Connect
    ):
        run_id = claimed(dina)
        row = mall.only_delivery(run_id)
        socket = connect(ticket(dina.state()))

        carl.post(f"deliveries/{row.id}/pack")

        assert heard(socket) == ["changed run"]

    def test_driver_hears_that_the_tablet_has_the_parcels_back(
        self, mall: Mall, dina: Driver, carl: Clerk, connect: Connect
    ):
        door = at_door(dina, carl)
        dina.fail(door)
        socket = connect(ticket(dina.state()))
        tablet = tablet_of(carl)
        (row,) = mall.deliveries_of(dina.state()["run"]["id"])

        returned = tablet.state("handoff.returned", {row.handle: row.parcel_count})

        assert [each["outcome"] for each in tablet.results(returned)] == ["applied"]
        assert "changed run" in heard(socket)

    def test_nudge_tells_no_more_than_that_something_changed(
        self, mall: Mall, carl: Clerk, connect: Connect
    ):
        delivery_id = mall.places()
        socket = connect(ticket(page(mall, delivery_id)))

        carl.post(f"deliveries/{delivery_id}/pack")

        (message,) = (each["args"][0] for each in socket.get_received())
        assert set(message) == {"v", "entity", "id", "rev", "at"}
        assert (message["entity"], message["id"]) == ("delivery", "")

    def test_refused_command_nudges_nobody(
        self, mall: Mall, carl: Clerk, mallory: Clerk, connect: Connect
    ):
        delivery_id = mall.places()
        socket = connect(ticket(carl.state()))

        mallory.post(f"deliveries/{delivery_id}/pack")

        assert heard(socket) == []


class TestPositions:
    NEAR = (33.31123, -111.88321)

    def test_next_door_gets_it_rounded(
        self, mall: Mall, dina: Driver, carl: Clerk, connect: Connect
    ):
        (row,) = mall.deliveries_of(collected(dina, carl))
        socket = connect(ticket(page(mall, row.id)))

        dina.report(*self.NEAR)

        (message,) = (each["args"][0] for each in socket.get_received())
        assert set(message) == {"v", "lat", "lon", "accuracy_m", "at"}
        assert (message["lat"], message["lon"]) != self.NEAR

    def test_later_doors_and_the_store_get_nothing(
        self, mall: Mall, dina: Driver, carl: Clerk, connect: Connect
    ):
        collected(dina, carl, {}, {"merchant_ref": "A-2", "lat": 33.33})
        later = dina.stops("dropoff")[1]["delivery"]["id"]
        sockets = [connect(ticket(page(mall, later))), connect(ticket(carl.state()))]

        dina.report(*self.NEAR)

        assert [heard(socket) for socket in sockets] == [[], []]

    def test_at_most_one_in_five_seconds(
        self, mall: Mall, dina: Driver, carl: Clerk, connect: Connect
    ):
        (row,) = mall.deliveries_of(collected(dina, carl))
        socket, start = connect(ticket(page(mall, row.id))), clock.now()
        for second in range(0, 12, 2):
            with clock.frozen(start + timedelta(seconds=second)):
                dina.report(self.NEAR[0] + second * 0.0001, self.NEAR[1])

        assert heard(socket) == ["position"] * 2

    @pytest.mark.parametrize("stage", ["claimed", "at the door", "delivered"])
    def test_outside_the_way_here_there_is_none(
        self, mall: Mall, dina: Driver, carl: Clerk, connect: Connect, stage: str
    ):
        if stage == "claimed":
            delivery_id = mall.deliveries_of(claimed(dina))[0].id
        else:
            door = at_door(dina, carl)
            delivery_id = door["delivery"]["id"]
        socket = connect(ticket(page(mall, delivery_id)))
        if stage == "delivered":
            dina.deliver(dina.stops("dropoff")[0])

        dina.report(*self.NEAR)

        assert "position" not in heard(socket)


class TestWhoIsSentAway:
    @pytest.fixture(autouse=True)
    def _no_waiting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socketio, "sleep", lambda _seconds: None)
        monkeypatch.setattr(
            socketio, "start_background_task", lambda function, *args: function(*args)
        )

    def test_logout_ends_the_sockets_of_every_tab(self, dina: Driver, connect: Connect):
        tabs = [connect(ticket(dina.state())) for _ in range(2)]

        dina.client.post("/driver/api/logout")

        assert [tab.is_connected() for tab in tabs] == [False, False]

    def test_logout_leaves_other_people_alone(self, dina: Driver, dan: Driver, connect: Connect):
        other = connect(ticket(dan.state()))

        dina.client.post("/driver/api/logout")

        assert other.is_connected()

    def test_disabled_person_is_sent_away(self, mall: Mall, dina: Driver, connect: Connect):
        socket = connect(ticket(dina.state()))

        with mall.writing():
            people.disable_person(dina.person_id, now=clock.now())

        assert not socket.is_connected()

    def test_lock_of_a_clerk_leaves_the_desks_socket(self, carl: Clerk, connect: Connect):
        socket = connect(ticket(carl.state()))

        carl.client.post("/desk/api/lock", json=command())

        assert socket.is_connected()

    def test_rolled_back_end_sends_nobody_away(self, mall: Mall, dina: Driver, connect: Connect):
        socket = connect(ticket(dina.state()))

        with pytest.raises(RuntimeError):
            end_and_fail(mall, dina.person_id)

        assert socket.is_connected()


def end_and_fail(mall: Mall, person_id: str) -> None:
    with mall.writing():
        sessions.end_sessions(now=clock.now(), person_id=person_id)
        raise RuntimeError


@pytest.mark.parametrize("event", ["join", "changed", "position", "message", "subscribe", "claim"])
@pytest.mark.parametrize("payload", [{"room": "offers"}, "store", None, 7, {"a": ["b"] * 500}])
def test_whatever_a_client_sends_has_no_effect(
    mall: Mall, carl: Clerk, mallory: Clerk, connect: Connect, event: str, payload: object
):
    carls, mallorys = connect(ticket(carl.state())), connect(ticket(mallory.state()))

    mallorys.emit(event, payload)
    mall.places()

    assert (heard(carls), heard(mallorys)) == (["changed store"], [])
