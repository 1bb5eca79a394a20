"""What is past its time is forgotten; what somebody still needs is not."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import LoginSession
from app.deliveries import queries as deliveries
from app.domain.custody_chain import EMPTY_HEAD, leaf_hash, next_head
from app.domain.retention import (
    COMMANDS,
    JOBS,
    PERSONAL_DATA,
    PHOTOS,
    SHOWN_CODES,
    SIGN_INS,
    VISITS,
)
from app.eventlog import queries as eventlog
from app.handoffs import incidents
from app.handoffs.incidents import Found
from app.handoffs.models import (
    CarrierVisit,
    Proof,
    ShownRelease,
    StatementBeside,
    StatementRow,
)
from app.jobs import erasing
from app.jobs.models import Job
from app.persistence.transaction import session
from app.sync.models import CommandRow
from tests import factories
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.inbound import a_visit
from tests.journeys import at_door, claimed
from tests.office import Office, signed_in
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

LATER = timedelta(minutes=1)


@pytest.fixture
def mall(app: Flask) -> Mall:
    """In a database of its own: what is past its time is forgotten everywhere."""
    return factories.a_mall(app)


@pytest.fixture
def done(mall: Mall, dina: Driver, carl: Clerk) -> SimpleNamespace:
    """A delivery of Cleo's that ended just now, with a photo of the door."""
    stop = at_door(dina, carl, proof="photo")
    delivery_id = stop["delivery"]["id"]
    photo_id = dina.photograph(delivery_id).get_json()["result"]["photo_id"]
    answer = dina.deliver(stop, "photo", photo_id=photo_id)
    assert answer.status_code == 200, answer.text
    return SimpleNamespace(id=delivery_id, link=mall.link(delivery_id), ended_at=clock.now())


def run(mall: Mall, job: Any, *, at: datetime) -> None:
    with clock.frozen(at), mall.writing():
        job(now=at)


def count(mall: Mall, model: Any) -> int:
    with mall.reading():
        return len(session().scalars(select(model)).all())


def personal_values(mall: Mall, delivery_id: str) -> int:
    with mall.reading():
        ids = [row.id for row in eventlog.timeline(delivery_id)]
        return len(eventlog.personal_values(ids))


def holds(mall: Mall, delivery_id: str) -> bool:
    """Tell whether the delivery's chain is whole."""
    with mall.reading():
        head = EMPTY_HEAD
        for row in eventlog.timeline(delivery_id):
            head = next_head(head, leaf_hash(row.record.encode()))
            if head.hex() != row.head:
                return False
    return True


class TestPeople:
    def test_customer_is_forgotten_after_ninety_days(self, mall: Mall, done: SimpleNamespace):
        before = mall.delivery(done.id)

        run(mall, erasing.erase_people, at=done.ended_at + PERSONAL_DATA + LATER)

        after = mall.delivery(done.id)
        with mall.reading():
            assert deliveries.recipient(done.id) is None
        assert personal_values(mall, done.id) == 0
        assert mall.events(done.id)[-1] == "recipient.erased"
        assert (before.lat, before.lon) != (after.lat, after.lon)
        assert (before.city, before.postal_code) == (after.city, after.postal_code)
        assert holds(mall, done.id)

    def test_nobody_is_forgotten_before(self, mall: Mall, done: SimpleNamespace):
        run(mall, erasing.erase_people, at=done.ended_at + PERSONAL_DATA - LATER)

        with mall.reading():
            assert deliveries.recipient(done.id) is not None

    def test_nobody_is_forgotten_twice(self, mall: Mall, done: SimpleNamespace):
        for _ in range(2):
            run(mall, erasing.erase_people, at=done.ended_at + PERSONAL_DATA + LATER)

        assert mall.events(done.id).count("recipient.erased") == 1

    def test_delivery_under_way_keeps_its_customer(self, mall: Mall, dina: Driver):
        (row,) = mall.deliveries_of(claimed(dina))

        run(mall, erasing.erase_people, at=clock.now() + 2 * PERSONAL_DATA)

        with mall.reading():
            assert deliveries.recipient(row.id) is not None

    def test_open_question_keeps_everything(self, mall: Mall, done: SimpleNamespace):
        with mall.writing():
            found = Found("disputed", "check", [], is_waiting=True)
            incidents.open_incident(done.id, found, now=clock.now())

        at = done.ended_at + PERSONAL_DATA + LATER
        run(mall, erasing.erase_people, at=at)
        run(mall, erasing.erase_photos, at=at)

        with mall.reading():
            assert deliveries.recipient(done.id) is not None
        assert count(mall, Proof) == 1

    def test_pages_of_a_forgotten_customer_still_open(
        self, mall: Mall, done: SimpleNamespace, carl: Clerk
    ):
        desmond: Office = signed_in(mall, "Desmond Day", "dispatcher")
        run(mall, erasing.erase_people, at=done.ended_at + PERSONAL_DATA + LATER)

        page = desmond.get(f"deliveries/{done.id}")

        assert page.status_code == 200
        assert "were erased" in page.text
        assert "Cleo" not in page.text
        assert desmond.get(f"stores/{mall.store.store_id}/deliveries").status_code == 200
        assert carl.client.get("/desk/api/state").status_code == 200
        for path in ("", "/state", "/proof", "/custody"):
            assert mall.app.test_client().get(done.link + path).status_code == 200, path

    def test_many_are_forgotten_in_several_jobs(
        self, mall: Mall, done: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(erasing, "AT_ONCE", 1)

        run(mall, erasing.erase_people, at=done.ended_at + PERSONAL_DATA + LATER)

        with mall.reading():
            kinds = session().scalars(select(Job.kind).where(Job.key == "erase_people:next")).all()
        assert kinds == ["erase_people"]


class TestPhotos:
    def test_picture_and_its_file_go_after_thirty_days(
        self, app: Flask, mall: Mall, done: SimpleNamespace
    ):
        with mall.reading():
            (key,) = session().scalars(select(Proof.blob_key)).all()
        blobs = app.extensions["mallrun_blobs"]
        run(mall, erasing.erase_photos, at=done.ended_at + PHOTOS - LATER)
        kept = blobs.get(key)

        run(mall, erasing.erase_photos, at=done.ended_at + PHOTOS + LATER)

        assert kept is not None
        assert blobs.get(key) is None
        assert count(mall, Proof) == 0

    def test_row_whose_file_went_before_a_crash_goes_too(
        self, app: Flask, mall: Mall, done: SimpleNamespace
    ):
        with mall.reading():
            (key,) = session().scalars(select(Proof.blob_key)).all()
        app.extensions["mallrun_blobs"].delete(key)

        run(mall, erasing.erase_photos, at=done.ended_at + PHOTOS + LATER)

        assert count(mall, Proof) == 0


def visits_carl(dina: Driver, carl: Clerk) -> datetime:
    """Let Dina have been at Carl's counter; return when."""
    visit = a_visit(dina, carl)
    with dina.mall.writing() as current:
        current.add(visit)
        return visit.opened_at


class TestRecords:
    def test_commands_go_when_no_device_repeats_them(self, mall: Mall, done: SimpleNamespace):
        run(mall, erasing.erase_records, at=done.ended_at + COMMANDS - LATER)
        kept = count(mall, CommandRow)

        run(mall, erasing.erase_records, at=done.ended_at + COMMANDS + LATER)

        assert kept > 0
        assert count(mall, CommandRow) == 0

    def test_values_beside_statements_go_and_statements_stay(
        self, mall: Mall, dina: Driver, carl: Clerk
    ):
        run_id, phone = claimed(dina), phone_of(dina)
        code = carl.shows(dina, run_id)
        beside = {"geo": "33.301000,-111.898000,12"}
        picked_up(phone, code, handles_of(mall.deliveries_of(run_id)), beside=beside)
        assert phone.results()[0]["outcome"] == "applied"
        before = count(mall, StatementBeside)

        run(mall, erasing.erase_records, at=clock.now() + PERSONAL_DATA + LATER)

        assert before == 1
        assert count(mall, StatementBeside) == 0
        assert count(mall, StatementRow) == 1

    def test_shown_codes_go_after_a_day(self, mall: Mall, done: SimpleNamespace):
        row = mall.delivery(done.id)
        with mall.writing():
            session().add(
                ShownRelease(
                    id="shown",
                    run_id=row.run_id,
                    store_id=row.store_id,
                    driver_id="per",
                    desk_kid=1,
                    clerk_number=1,
                    short_code="AB12CD",
                    nonce="0" * 16,
                    token="MP1:",
                    issued_at=done.ended_at,
                )
            )
        run(mall, erasing.erase_records, at=done.ended_at + SHOWN_CODES - LATER)
        kept = count(mall, ShownRelease)

        run(mall, erasing.erase_records, at=done.ended_at + SHOWN_CODES + LATER)

        assert (kept, count(mall, ShownRelease)) == (1, 0)

    def test_visits_of_carriers_go(self, mall: Mall, dina: Driver, carl: Clerk):
        at = visits_carl(dina, carl)
        run(mall, erasing.erase_records, at=at + VISITS - LATER)
        kept = count(mall, CarrierVisit)

        run(mall, erasing.erase_records, at=at + VISITS + LATER)

        assert (kept, count(mall, CarrierVisit)) == (1, 0)

    def test_old_sign_ins_go_but_a_tablets(self, mall: Mall, done: SimpleNamespace):
        run(mall, erasing.erase_records, at=done.ended_at + SIGN_INS + LATER)

        with mall.reading():
            left = set(session().scalars(select(LoginSession.audience)).all())
        assert left == {"desk"}

    def test_jobs_that_wait_are_not_forgotten(self, mall: Mall, done: SimpleNamespace):
        with mall.writing():
            for number, done_at in enumerate((done.ended_at, None)):
                job = Job(id=f"job_{number}", kind="x", arguments="{}", key=f"x:{number}", tries=0)
                job.run_at = job.created_at = done.ended_at
                job.done_at = done_at
                session().add(job)
        run(mall, erasing.erase_records, at=done.ended_at + JOBS + LATER)

        with mall.reading():
            kinds = session().scalars(select(Job.id).where(Job.kind == "x")).all()
        assert kinds == ["job_1"]
