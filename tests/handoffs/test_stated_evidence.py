"""What statements are worth: PINs, labels, photos, and clerks who had left."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app import clock
from app.accounts import clerks
from app.deliveries import queries as deliveries
from app.domain.events import EventType
from tests.devices import Signer, phone_of, picked_up, released, tablet_of
from tests.factories import Mall, command
from tests.personas import Clerk, Driver, a_picture
from tests.scenes import (
    claimed_parcels,
    customer_code_of,
    delivery_named,
    label_evidence,
    open_kinds,
    wrong_pin,
)

pytestmark = pytest.mark.both_engines

HOURS = timedelta(hours=3)
COUNTER = "33.301000,-111.898000,12"
#: Two kilometres away; and there, by a fix that may be anywhere.
DOOR = "33.318000,-111.885000,12"
ANYWHERE = "33.318000,-111.885000,999999"


@dataclass(frozen=True, slots=True)
class Job:
    """Dina carries one delivery of two parcels that wants a PIN."""

    mall: Mall
    dina: Driver
    handle: str
    phone: Signer

    @property
    def row(self) -> SimpleNamespace:
        return delivery_named(self.mall, self.handle)

    def says(self, kind: str, *evidence: dict[str, str], **given: Any) -> dict[str, Any]:
        """Let Dina's phone state something and upload it at once."""
        sent = self.phone.state(kind, {self.handle: 2}, evidence=list(evidence), **given)
        return self.phone.results(sent)[0]

    def pin(self, pin: str, *, at: datetime | None = None) -> dict[str, Any]:
        """State a delivery by PIN; without signal when `at` lies back."""
        return self.says("handoff.delivered", {"kind": "pin"}, beside={"pin": pin}, at=at)

    def incidents(self) -> dict[str, bool]:
        return open_kinds(self.mall, self.row.id)


@pytest.fixture
def claimed_job(mall: Mall, dina: Driver) -> Job:
    """The parcels are still at the counter."""
    _, (handle,) = claimed_parcels(dina, {"proof": "pin"})
    return Job(mall, dina, handle, phone_of(dina))


@pytest.fixture
def job(claimed_job: Job, carl: Clerk) -> Job:
    """The parcels are in the car."""
    phone = claimed_job.phone
    run_id = claimed_job.row.run_id
    phone.results(picked_up(phone, carl.shows(claimed_job.dina, run_id), {claimed_job.handle: 2}))
    return claimed_job


@pytest.fixture
def wrong(job: Job) -> str:
    return wrong_pin(job.mall, job.row.id)


def test_door_before_its_window_is_recorded_as_early(job: Job):
    with job.mall.writing():
        row = deliveries.delivery(job.row.id)
        assert row is not None
        row.window_from, row.window_until = clock.now() + HOURS, clock.now() + 2 * HOURS

    answer = job.pin(job.mall.pin(job.row.id))

    assert answer["outcome"] == "applied"
    facts = job.mall.facts(job.row.id, EventType.HANDOFF_DELIVERED)
    assert HOURS.total_seconds() - 60 < facts["early_s"] <= HOURS.total_seconds()


def test_right_pin_is_e2(job: Job):
    result = job.pin(job.mall.pin(job.row.id), at=clock.now() - HOURS)

    assert (result["outcome"], result["level"]) == ("applied", "E2")
    assert (job.row.status, job.row.is_verification_pending) == ("delivered", False)


def test_wrong_pin_with_signal_is_counted_and_rejected(job: Job, wrong: str):
    result = job.pin(wrong)

    assert (result["outcome"], result["code"]) == ("rejected", "pin_wrong")
    assert result["facts"] == {"tries_left": 4}
    assert (job.row.status, job.row.pin_tries) == ("enroute_to_dropoff", 1)
    assert job.mall.events(job.row.id)[-2:] == ["statement.recorded", "pin.refused"]


@pytest.mark.parametrize("hours", [3, -3], ids=["late", "clock ahead"])
def test_wrong_pin_without_signal_is_the_drivers_word(job: Job, wrong: str, hours: int):
    result = job.pin(wrong, at=clock.now() - timedelta(hours=hours))

    assert (result["outcome"], result["level"]) == ("applied", "E0")
    assert "pin_wrong" in result["flags"]
    row = job.row
    assert (row.status, row.verification, row.pin_tries) == ("delivered", "E0", 1)
    assert row.is_verification_pending
    assert job.incidents() == {"pin_unproved": True}


def test_right_pin_after_a_wrong_one_without_signal_proves_it(job: Job, wrong: str):
    job.pin(wrong, at=clock.now() - HOURS)

    job.pin(job.mall.pin(job.row.id), at=clock.now() - HOURS)

    assert (job.row.verification, job.row.is_verification_pending) == ("E2", False)


def test_five_tries_are_all_over_all_channels(job: Job, wrong: str):
    (stop,) = job.dina.stops("dropoff")
    job.dina.arrive(stop)
    codes = [
        job.dina.deliver(stop, "pin", pin=wrong).get_json()["code"],
        job.pin(wrong)["code"],
        job.dina.deliver(stop, "pin", pin=wrong).get_json()["code"],
        job.pin(wrong)["code"],
        job.pin(wrong)["code"],
    ]

    right = job.pin(job.mall.pin(job.row.id))

    assert codes == ["pin_wrong"] * 4 + ["pin_locked"]
    assert (right["outcome"], right["code"]) == ("rejected", "pin_locked")
    assert (job.row.status, job.row.pin_tries) == ("arrived_at_dropoff", 5)
    assert job.mall.events(job.row.id).count(EventType.PIN_REFUSED) == 5


def test_right_pin_without_signal_after_five_tries_is_a_word(job: Job, wrong: str):
    for _ in range(5):
        job.pin(wrong)

    result = job.pin(job.mall.pin(job.row.id), at=clock.now() - HOURS)

    assert (result["outcome"], result["level"]) == ("applied", "E0")
    assert job.incidents() == {"pin_unproved": True}


def test_wrong_pin_that_is_uploaded_again_counts_once(job: Job, wrong: str):
    job.pin(wrong)
    for _ in range(3):
        job.phone.results()

    assert job.row.pin_tries == 1


def test_pin_that_never_arrived_is_no_try(job: Job, wrong: str):
    sent = job.phone.state(
        "handoff.delivered", {job.handle: 2}, evidence=[{"kind": "pin"}], beside={"pin": wrong}
    )

    (result,) = job.phone.results(sent | {"beside": {}})

    assert (result["outcome"], result["code"]) == ("rejected", "pin_wrong")
    assert job.row.pin_tries == 0


def test_customers_code_is_e2(job: Job):
    code = {"kind": "customer_code", "text": customer_code_of(job.mall, job.row.id)}

    result = job.says("handoff.delivered", code, at=clock.now() - HOURS)

    assert (result["outcome"], result["level"]) == ("applied", "E2")
    assert job.row.status == "delivered"


def test_customers_code_of_another_delivery_is_refused(job: Job):
    code = {"kind": "customer_code", "text": customer_code_of(job.mall, job.mall.places())}

    result = job.says("handoff.delivered", code)

    assert (result["outcome"], result["code"]) == ("rejected", "other_delivery")
    assert job.row.status == "enroute_to_dropoff"


def test_photo_counts_by_the_hash_of_the_uploaded_file(job: Job):
    picture = a_picture()
    form = command(delivery_id=job.row.id) | {"photo": (picture, "door.jpg")}
    sha256 = hashlib.sha256(picture.getvalue()).hexdigest()
    assert job.dina.client.post("/driver/api/photos", data=form).status_code == 200

    result = job.says("handoff.delivered", {"kind": "photo", "sha256": sha256})

    assert (result["outcome"], result["level"], result["flags"]) == ("applied", "E1", [])
    assert (job.row.status, job.row.verification) == ("delivered", "E1")


def test_photo_that_never_arrived_proves_nothing(job: Job):
    result = job.says("handoff.delivered", {"kind": "photo", "sha256": "ab" * 32})

    assert (result["level"], result["flags"]) == ("E0", ["photo_missing"])


@pytest.mark.parametrize(
    ("geo", "count", "level"),
    [
        (COUNTER, 2, "E1"),
        (COUNTER, 1, "E0"),
        (DOOR, 2, "E0"),
        (ANYWHERE, 2, "E0"),
        (None, 2, "E0"),
        ("here", 2, "E0"),
    ],
)
def test_labels_are_e1_only_near_the_store_and_all_of_them(
    claimed_job: Job, geo: str | None, count: int, level: str
):
    labels = label_evidence(claimed_job.mall, claimed_job.row)[:count]
    beside = {"geo": geo} if geo else {}

    result = claimed_job.says("handoff.picked_up", *labels, beside=beside)

    assert (result["outcome"], result["level"]) == ("applied", level)
    assert result["flags"] == ([] if level == "E1" else ["label_unproved"])
    row = claimed_job.row
    assert (row.status, row.is_verification_pending) == ("enroute_to_dropoff", True)


def test_label_that_nobody_printed_proves_nothing(claimed_job: Job):
    one, two = label_evidence(claimed_job.mall, claimed_job.row)
    forged = two["text"][:-1] + ("0" if two["text"][-1] != "0" else "1")

    result = claimed_job.says(
        "handoff.picked_up", one, two | {"text": forged}, beside={"geo": COUNTER}
    )

    assert (result["level"], result["flags"]) == ("E0", ["label_unproved"])


@pytest.mark.parametrize("how", ["released", "scanned"])
def test_clerk_who_had_left_is_recorded_flagged_and_shown(claimed_job: Job, carl: Clerk, how: str):
    noon = clock.now() - HOURS
    at = noon + timedelta(minutes=5)
    with claimed_job.mall.writing():
        clerks.remove_clerk(carl.clerk_id, now=noon)
    tablet, parcels = tablet_of(carl), {claimed_job.handle: 2}

    if how == "released":
        (result,) = tablet.results(released(tablet, [], parcels, at=at))
        assert (result["outcome"], result["code"]) == ("recorded", "clerk_removed")
    else:
        phone = claimed_job.phone
        text = carl.shows(claimed_job.dina, claimed_job.row.run_id, iat=int(at.timestamp()))
        (result,) = phone.results(picked_up(phone, text, parcels, at=at))
        assert (result["outcome"], result["level"]) == ("applied", "E2")

    assert result["flags"] == ["actor_removed"]
    assert claimed_job.incidents() == {"clerk_removed": True}


def test_clerk_who_left_later_is_no_matter(claimed_job: Job, carl: Clerk):
    at = clock.now() - HOURS
    with claimed_job.mall.writing():
        clerks.remove_clerk(carl.clerk_id, now=clock.now())
    tablet = tablet_of(carl)

    (result,) = tablet.results(released(tablet, [], {claimed_job.handle: 2}, at=at))

    assert (result["outcome"], result["flags"]) == ("applied", [])
    assert claimed_job.incidents() == {}


def test_clerk_of_another_store_is_flagged(claimed_job: Job, carl: Clerk, mallory: Clerk):
    tablet = tablet_of(carl)
    tablet.actor_id = mallory.clerk_id

    (result,) = tablet.results(released(tablet, [], {claimed_job.handle: 2}))

    assert result["flags"] == ["actor_unknown"]
