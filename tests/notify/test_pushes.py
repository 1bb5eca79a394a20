"""A driver's locked phone is told of new runs, of his own, and of a claim that lapses."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.accounts import people, sessions
from app.accounts.people import Shift
from app.domain.act import Act
from app.domain.vehicle import VehicleClass
from app.jobs.pushes import PushService
from app.runs import dispatching, lapsing
from app.webhooks.outgoing import Sender
from tests import factories, personas
from tests.factories import Mall
from tests.notify.pushing import lets_jobs_run, read, takes_messages
from tests.personas import Driver
from tests.runs.test_lapsing import overdue
from tests.runs.test_offering import answers, asks_for
from tests.webhooks.receiver import Receiver, answer, echoing

pytestmark = pytest.mark.both_engines


@pytest.fixture
def mall(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Mall:
    sender = Sender(allows_loopback=True, timeout_s=1.0)
    monkeypatch.setitem(
        app.extensions, "mallrun_push", PushService(sender, (), "mailto:a@b.example")
    )
    return factories.a_mall(app)


@pytest.fixture
def service() -> Iterator[Receiver]:
    """The message service of the phones' browsers."""
    with echoing() as found:
        found.script = lambda *_: answer(201)
        yield found


@pytest.fixture
def dina(mall: Mall) -> Driver:
    return personas.a_driver(mall, "Dina Diaz")


@pytest.fixture
def dan(mall: Mall) -> Driver:
    return personas.a_driver(mall, "Dan Dorn")


def offers_another(mall: Mall, **given: Any) -> None:
    """Offer a run of one delivery hours later."""
    later = clock.now() + timedelta(hours=4)
    mall.places(window_from=later, window_until=later + timedelta(hours=1), **given)
    mall.forms_runs()


class TestNewRun:
    def test_is_told_to_whoever_waits(self, mall: Mall, dina: Driver, service: Receiver):
        phone = takes_messages(dina, service)
        mall.offers({"parcel_count": 2})
        lets_jobs_run(mall)

        (told,) = read(service, dina, phone)
        assert (told["kind"], told["tag"], told["lang"]) == ("new_run", "offers", "en")
        assert told["title"] == "New run: Chandler Fashion Center"
        assert "$" in told["body"]
        assert "parcels: 2" in told["body"]

    def test_has_no_name_and_no_street(self, mall: Mall, dina: Driver, service: Receiver):
        phone = takes_messages(dina, service)
        mall.offers()
        lets_jobs_run(mall)

        (told,) = read(service, dina, phone)
        text = " ".join(str(value) for value in told.values())
        assert not [fact for fact in ("Cleo", "Dobson", "480") if fact in text]

    def test_service_is_told_for_how_long_and_not_what(
        self, mall: Mall, dina: Driver, service: Receiver
    ):
        takes_messages(dina, service)
        mall.offers()
        lets_jobs_run(mall)

        (request,) = service.requests
        headers = {name.lower(): value for name, value in request.headers.items()}
        assert 0 < int(headers["ttl"]) <= 600
        assert headers["content-encoding"] == "aes128gcm"
        assert headers["authorization"].startswith("vapid t=")
        assert b"Chandler" not in request.body

    def test_comes_in_the_drivers_language(self, mall: Mall, dina: Driver, service: Receiver):
        phone = takes_messages(dina, service)
        with mall.writing():
            people.require_person(dina.person_id).language = "es"
        mall.offers()
        lets_jobs_run(mall)

        (told,) = read(service, dina, phone)
        assert (told["lang"], told["title"]) == ("es", "Recorrido nuevo: Chandler Fashion Center")

    def test_does_not_concern_who_is_off_duty_or_busy_or_too_small(
        self, mall: Mall, dina: Driver, dan: Driver, service: Receiver
    ):
        small = personas.a_driver(mall, "Bea Bike")
        for each in (dina, dan, small):
            takes_messages(each, service)
        first = mall.offers()
        assert dan.claim(first).status_code == 200
        assert dina.post("duty", on_duty=False, site_id=None).status_code == 200
        with mall.writing():
            shift = Shift(until=None, vehicle=VehicleClass.BIKE)
            people.set_shift(small.person_id, shift, now=clock.now())
        offers_another(mall, parcel_count=9, parcel_litres=50)
        lets_jobs_run(mall)

        assert service.requests == []

    def test_that_somebody_has_meanwhile_is_no_news(
        self, mall: Mall, dina: Driver, dan: Driver, service: Receiver
    ):
        takes_messages(dina, service)
        run_id = mall.offers()
        assert dan.claim(run_id).status_code == 200
        lets_jobs_run(mall)

        assert service.requests == []

    def test_given_back_is_told_to_the_others(
        self, mall: Mall, dina: Driver, dan: Driver, service: Receiver
    ):
        run_id = mall.offers()
        assert dan.claim(run_id).status_code == 200
        lets_jobs_run(mall)
        dinas, dans = takes_messages(dina, service), takes_messages(dan, service)
        assert dan.post(f"runs/{run_id}/release", reason="mistake", note="").status_code == 200
        lets_jobs_run(mall)

        assert [each["kind"] for each in read(service, dina, dinas)] == ["new_run"]
        assert read(service, dan, dans) == []

    def test_two_at_once_are_one_message(self, mall: Mall, dina: Driver, service: Receiver):
        phone = takes_messages(dina, service)
        mall.offers_two()
        lets_jobs_run(mall)

        assert len(read(service, dina, phone)) == 1


class TestOwnRun:
    def test_given_by_the_dispatcher(self, mall: Mall, dina: Driver, service: Receiver):
        run_id = mall.offers()
        lets_jobs_run(mall)
        phone = takes_messages(dina, service)
        with mall.writing():
            act = Act("dispatcher:per_x", clock.now(), clock.now())
            dispatching.assign(run_id, driver_id=dina.person_id, reason="Nearest", act=act)
        lets_jobs_run(mall)

        (told,) = read(service, dina, phone)
        assert (told["kind"], told["tag"]) == ("run_is_yours", run_id)
        assert told["title"] == "The run is yours: Chandler Fashion Center"

    def test_asked_for_and_won(self, mall: Mall, dina: Driver, dan: Driver, service: Receiver):
        run_id = mall.offers()
        lets_jobs_run(mall)
        dinas, dans = takes_messages(dina, service), takes_messages(dan, service)
        asks_for(dina, run_id)
        assert answers(mall, run_id) == dina.person_id
        lets_jobs_run(mall, after=timedelta(seconds=10))

        assert [each["kind"] for each in read(service, dina, dinas)] == ["run_is_yours"]
        assert read(service, dan, dans) == []

    def test_that_lapses_is_warned_of(self, mall: Mall, dina: Driver, service: Receiver):
        run_id, due = overdue(dina)
        phone = takes_messages(dina, service)
        with clock.frozen(due):
            # So long without a request, and the sign-in still goes on.
            with mall.writing():
                lapsing.watch(run_id, now=due)
            lets_jobs_run(mall)

        (told,) = read(service, dina, phone)
        assert (told["kind"], told["title"]) == ("claim_lapses", "Are you on your way?")

    def test_warning_is_over_once_the_driver_has_answered(
        self, mall: Mall, dina: Driver, service: Receiver
    ):
        run_id, due = overdue(dina)
        takes_messages(dina, service)
        with clock.frozen(due):
            with mall.writing():
                lapsing.watch(run_id, now=due)
            assert dina.post(f"runs/{run_id}/keep").status_code == 200
            lets_jobs_run(mall)

        assert service.requests == []


class TestEnd:
    def test_signed_out_phones_hear_nothing_and_are_forgotten(
        self, mall: Mall, dina: Driver, service: Receiver
    ):
        takes_messages(dina, service)
        assert dina.client.post("/driver/api/logout").status_code == 204
        mall.offers()
        lets_jobs_run(mall)

        assert service.requests == []

    def test_long_unused_sign_in_hears_nothing(self, mall: Mall, dina: Driver, service: Receiver):
        takes_messages(dina, service)
        with clock.frozen(clock.now() + sessions.IDLE["driver"] + timedelta(hours=1)):
            mall.offers()
            lets_jobs_run(mall)

        assert service.requests == []

    @pytest.mark.parametrize("status", [403, 404, 410])
    def test_browser_that_the_service_knows_no_more_is_forgotten(
        self, mall: Mall, dina: Driver, service: Receiver, status: int
    ):
        service.script = lambda *_: answer(status)
        takes_messages(dina, service)
        mall.offers()
        lets_jobs_run(mall)
        offers_another(mall)
        lets_jobs_run(mall)

        assert len(service.requests) == 1

    def test_service_in_trouble_is_asked_again_while_it_is_news(
        self, mall: Mall, dina: Driver, service: Receiver
    ):
        phone = takes_messages(dina, service)
        service.script = lambda *_: answer(503)
        mall.offers()
        lets_jobs_run(mall)
        service.script = lambda *_: answer(201)
        lets_jobs_run(mall, after=timedelta(seconds=6))
        lets_jobs_run(mall, after=timedelta(minutes=2))

        assert len(read(service, dina, phone)) == 2

    def test_nothing_is_sent_when_it_is_news_no_more(
        self, mall: Mall, dina: Driver, service: Receiver
    ):
        takes_messages(dina, service)
        service.script = lambda *_: answer(503)
        mall.offers()
        lets_jobs_run(mall)
        service.requests.clear()
        lets_jobs_run(mall, after=timedelta(minutes=11))

        assert service.requests == []
