"""Random stories of two drivers' phones and one tablet, and a mall in which they take place.

A story names people and things by number, so that it can be told in as many malls as there are
orders in which its statements arrive.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

from flask import Flask
from hypothesis import strategies as st
from sqlalchemy import select

from app import clock
from app.accounts.models import Driver as DriverRow
from app.handoffs import asking, incidents, statements
from app.handoffs import queries as handoffs
from app.handoffs.judging import secrets_of
from app.handoffs.models import Proof
from app.keys import hash_clerk_code
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs.models import Run, Stop
from app.sites import service as sites
from tests import factories, personas
from tests.devices import Sent, Signer, phone_of, presence_of, tablet_of
from tests.factories import Mall, copy_of, handles_of
from tests.personas import Clerk, Driver
from tests.scenes import customer_code_of, label_evidence, mark_lost, pass_on, wrong_pin

PARCELS: Final = 2
#: Devices come back this long after the story begins.
BACK_AFTER: Final = timedelta(hours=3)
CODE_EVERY: Final = timedelta(minutes=10)
#: More wrong PINs or manager's codes would lock, and a lock cannot forget who came first.
WRONG_MAX: Final = 4
RIGHT, WRONG = "730164", "111111"
LIMIT_MINOR, VALUE_MINOR = 20_000, 50_000
AT_COUNTER: Final = "33.301000,-111.898000,12"

#: The more often a kind stands here, the more often it is drawn.
_PHONE_KINDS: Final = (
    "scans code", "scans code", "scans code", "shows code", "shows code",
    "has word only", "scans labels",
    "brings by code", "brings by pin", "brings by wrong pin", "brings by photo", "brings",
    "fails", "gives back", "disputes",
)  # fmt: skip
_TABLET_KINDS: Final = ("gives", "gives", "scans phone", "scans phone", "takes back", "disputes")
TABLET: Final = 2
#: Dina has the run, Dan has it after her, or nobody has it any more.
CLAIMS: Final = ("second", "second", "second", "first", "nobody")
OFFICE: Final = ("", "", "cancelled", "collected", "lost")


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of a story.

    Attributes:
        who: 0 and 1 are the drivers' phones, 2 is the tablet.
        kind: What it says.
        code: Which of the codes shown it is about.
        whose: The driver for whom, or of whom, that code is.
        only: The delivery it names; None for both.
        count: Parcels that it counts.
        apart_s: Seconds between the two devices' clocks.
        is_ahead: The device's clock is a day ahead.
        code_told: What was told as the manager's code: nothing, the right one or a wrong one.
    """

    who: int
    kind: str
    code: int = 0
    whose: int = 0
    only: int | None = None
    count: int = PARCELS
    apart_s: int = 0
    is_ahead: bool = False
    code_told: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What the server knows before, and what devices kept.

    Attributes:
        claims: One of `CLAIMS`.
        office: What happened then: nothing, the first delivery was cancelled, all was collected by
            a plain command of whoever has the run, or the first was marked as lost after that.
        steps: What devices state, each in its own order.
        is_dear: The store wants a manager's code for what it gives.
    """

    claims: str
    office: str
    steps: tuple[Step, ...]
    is_dear: bool = False


def _steps(who: int, kinds: Sequence[str]) -> st.SearchStrategy[Step]:
    return st.builds(
        Step,
        who=st.just(who),
        kind=st.sampled_from(kinds),
        code=st.integers(0, 1),
        # Mostly one's own: a code for somebody else is refused, and then little happens.
        whose=st.sampled_from((0, 1)) if who == TABLET else st.sampled_from((who, who, 1 - who)),
        only=st.sampled_from((None, 0, 1)),
        count=st.sampled_from((PARCELS, PARCELS, 1)),
        apart_s=st.sampled_from((0, 0, 0, 130, -130, 700)),
        is_ahead=st.sampled_from((False, False, False, True)),
        code_told=st.sampled_from(("", "", RIGHT, WRONG)),
    )


def _stories() -> st.SearchStrategy[Story]:
    step = st.one_of(_steps(0, _PHONE_KINDS), _steps(1, _PHONE_KINDS), _steps(2, _TABLET_KINDS))
    return st.builds(
        Story,
        claims=st.sampled_from(CLAIMS),
        office=st.sampled_from(OFFICE),
        steps=st.lists(step, min_size=1, max_size=7).map(tuple),
        is_dear=st.sampled_from((False, False, False, True)),
    )


def _locks_nothing(story: Story) -> bool:
    wrong_pins = sum(step.kind == "brings by wrong pin" for step in story.steps)
    wrong_codes = sum(step.code_told == WRONG for step in story.steps)
    return max(wrong_pins, wrong_codes) <= WRONG_MAX


STORIES: Final = _stories().filter(_locks_nothing)


@dataclass(repr=False)
class Stage:
    """A mall where one story takes place."""

    mall: Mall
    drivers: tuple[Driver, Driver]
    carl: Clerk
    run_id: str
    begin: datetime
    rows: list[SimpleNamespace]
    devices: tuple[Signer, Signer, Signer]
    _codes: dict[tuple[str, int, int], tuple[str, bytes]] = field(
        default_factory=dict[tuple[str, int, int], tuple[str, bytes]]
    )

    def begin_with(self, story: Story) -> None:
        """Do what the server knows before any statement arrives."""
        if story.is_dear:
            self._ask_for_a_manager()
        dina, dan = self.drivers
        assert dina.claim(self.run_id).status_code == 200
        if story.claims == "second":
            pass_on(self.run_id, dina, dan)
        if story.claims == "nobody":
            answer = dina.post(f"runs/{self.run_id}/release", reason="mistake", note="")
            assert answer.status_code == 200
        first = self.rows[0]
        if story.office == "cancelled":
            answer = self.carl.post(f"deliveries/{first.id}/cancel", reason="Out of stock")
            assert answer.status_code == 200
        if story.office in {"collected", "lost"} and story.claims != "nobody":
            driver = dan if story.claims == "second" else dina
            text = self.carl.shows(driver, self.run_id)
            assert driver.collect(text, epoch=2 if driver is dan else 1).status_code == 200
            if story.office == "lost":
                mark_lost(self.mall, first.id)

    def _ask_for_a_manager(self) -> None:
        store_id = self.mall.store.store_id
        code_hash = hash_clerk_code(RIGHT, self.mall.keys.derive(f"manager-code/{store_id}"))
        with self.mall.writing():
            sites.set_evidence_policy(
                store_id, minimum_level="E2", code_above_minor=LIMIT_MINOR, code_hash=code_hash
            )

    def keeps(self, story: Story) -> list[Sent]:
        """Let the devices sign the story's statements; return them in their order."""
        return [self._state(step) for step in story.steps]

    def _state(self, step: Step) -> Sent:
        device = self.devices[step.who]
        rows = [row for at, row in enumerate(self.rows) if step.only in {None, at}]
        kind, given = _WORDS[step.kind](self, step, rows)
        if step.code_told and kind in {"handoff.picked_up", "handoff.released"}:
            given["beside"] = given.get("beside", {}) | {"manager_code": step.code_told}
        shown_at = self.begin + CODE_EVERY * (1 + step.code)
        at = shown_at + timedelta(seconds=step.apart_s, days=int(step.is_ahead))
        return device.state(kind, {row.handle: step.count for row in rows}, at=at, **given)

    def code(self, kind: str, step: Step) -> tuple[str, bytes]:
        """Return the text and nonce of a code that a device showed; the same for the same step."""
        key = (kind, step.whose, step.code)
        if key not in self._codes:
            nonce = hashlib.sha256(repr((self.run_id, *key)).encode()).digest()[:8]
            iat = int((self.begin + CODE_EVERY * (1 + step.code)).timestamp())
            driver = self.drivers[step.whose]
            if kind == "release":
                release = self.carl.release(driver, handles_of(self.rows), nonce=nonce, iat=iat)
                text = self.carl.sign(release)
            else:
                handles = [row.handle for row in self.rows]
                number = self.mall.store.number
                text = presence_of(driver, number, handles, nonce=nonce, iat=iat)
            self._codes[key] = (text, nonce)
        return self._codes[key]

    def uploads(self, batch: Sequence[Sent], who: int) -> None:
        """Let a device upload statements of its own."""
        answer = self.devices[who].upload(*batch)
        assert answer.status_code == 200, answer.get_json()

    def gives_up_waiting(self, who: int) -> None:
        """Let the job take what waits for an earlier statement of a device."""
        with self.mall.writing():
            secrets = secrets_of(self.mall.keys)
            statements.take_held(self.devices[who].kid, secrets=secrets, now=clock.now())

    def asks(self) -> None:
        """Let the job ask about releases that nobody has answered."""
        for row in self.rows:
            with self.mall.writing():
                asking.ask_unconfirmed(row.id, now=clock.now())

    def end(self) -> list[dict[str, Any]]:
        """Return what the story came to, people by number."""
        return [self._end_of(row.id) for row in self.rows]

    def _end_of(self, delivery_id: str) -> dict[str, Any]:
        row = self.mall.delivery(delivery_id)
        names = {each.person_id: f"driver {at}" for at, each in enumerate(self.drivers)}
        with self.mall.reading():
            found = [copy_of(each) for each in incidents.open_incidents([delivery_id])]
        in_charge = self.mall.run(row.run_id).driver_id if row.run_id else None
        return {
            "status": row.status,
            "in charge": names.get(in_charge or "", ""),
            "holders": {names.get(who, kind) for kind, who in self.mall.holders(delivery_id)},
            "level": row.verification,
            "is pending": row.is_verification_pending,
            "is held": row.is_held,
            "pin tries": row.pin_tries,
            "open stops": self._open_stops(row, names),
            "handoffs": self._handoffs(row, in_charge),
            "incidents": {
                (
                    each.kind,
                    each.is_waiting,
                    tuple(sorted(names[who] for who in each.drivers.split(",") if who)),
                )
                for each in found
            },
        }

    def _handoffs(self, row: SimpleNamespace, driver_id: str | None) -> list[tuple[str, str, bool]]:
        """Return what whoever is in charge took and gave: kind, level, whether with a photo.

        One that counted until more was known stays among the rows, and is left out here.
        """
        counting = {"pickup", {"delivered": "dropoff", "returned": "return"}.get(row.status)}
        bound = select(Proof.handoff_id).where(Proof.delivery_id == row.id)
        with self.mall.reading():
            photos = set(session().scalars(bound))
            return sorted(
                (each.kind, each.level, each.id in photos)
                for each in handoffs.handoffs_of(row.id)
                if driver_id in {each.from_id, each.to_id} and each.kind in counting
            )

    def _open_stops(self, row: SimpleNamespace, names: dict[str, str]) -> list[tuple[str, str]]:
        """Return who still has to stop for a delivery, and why."""
        # A stop at a store is for all of the run that has business there.
        at_store = "return" if row.status == "enroute_to_return" else "pickup"
        has_business = row.status in {"enroute_to_return", "enroute_to_pickup"}
        is_for_it = (Stop.kind == at_store) & (Run.id == (row.run_id if has_business else ""))
        open_stops = (
            select(Run.driver_id, Stop.kind)
            .join(Stop, Stop.run_id == Run.id)
            .where(Run.driver_id.in_(names), Stop.status.in_(["ahead", "arrived"]))
            .where((Stop.delivery_id == row.id) | is_for_it)
        )
        with self.mall.reading():
            found = session().execute(open_stops).all()
        return sorted((names[driver_id or ""], kind) for driver_id, kind in found)

    def held_runs(self) -> dict[str, tuple[int, int]]:
        """Return how many runs each driver holds, and how many the counter says."""
        with self.mall.reading():
            counts: dict[str, tuple[int, int]] = {}
            for each in self.drivers:
                held = select(Run.id).where(
                    Run.driver_id == each.person_id, Run.finished_at.is_(None)
                )
                row = session().get(DriverRow, each.person_id)
                assert row is not None
                counts[each.person_id] = (len(session().scalars(held).all()), row.active_runs)
            return counts


def a_stage(app: Flask) -> Stage:
    """Set up a mall with a run of two deliveries, two drivers, and a tablet."""
    mall = factories.a_mall(app)
    drivers = (personas.a_driver(mall, "Dina Diaz"), personas.a_driver(mall, "Dan Dow"))
    carl = personas.a_clerk(mall, "Carl", mall.store)
    first = {"proof": "pin", "value_minor": VALUE_MINOR}
    run_id = mall.offers(first, first | {"merchant_ref": "A-2"})
    rows = sorted(mall.deliveries_of(run_id), key=lambda row: row.merchant_ref)
    with mall.writing():
        session().add_all(_photo(row, driver) for row in rows for driver in drivers)
    devices = (phone_of(drivers[0]), phone_of(drivers[1]), tablet_of(carl))
    return Stage(mall, drivers, carl, run_id, clock.now() - BACK_AFTER, rows, devices)


def _photo(row: SimpleNamespace, driver: Driver) -> Proof:
    """Return a photo that has reached the server already."""
    now = clock.now()
    return Proof(
        id=new_id("prf"),
        delivery_id=row.id,
        driver_id=driver.person_id,
        blob_key=f"photos/{row.id}",
        sha256="00" * 32,
        uploaded_sha256="ab" * 32,
        width=60,
        height=40,
        taken_at=now,
        created_at=now,
    )


Given = tuple[str, dict[str, Any]]


def _said(kind: str, *evidence: dict[str, str], **given: Any) -> Given:
    return kind, {"evidence": list(evidence), **given}


def _picked(*evidence: dict[str, str], **given: Any) -> Given:
    return _said("handoff.picked_up", *evidence, assignment_epoch=1, **given)


def _brought(*evidence: dict[str, str], **given: Any) -> Given:
    return _said("handoff.delivered", *evidence, assignment_epoch=1, **given)


def _codes_of_customers(stage: Stage, rows: Sequence[SimpleNamespace]) -> Given:
    # A customer's code is for one delivery: a statement that names two proves nothing.
    text = customer_code_of(stage.mall, rows[0].id)
    return _brought({"kind": "customer_code", "text": text})


def _labels(stage: Stage, rows: Sequence[SimpleNamespace]) -> Given:
    scans = [scan for row in rows for scan in label_evidence(stage.mall, row)]
    return _picked(*scans, beside={"geo": AT_COUNTER})


def _scan(kind: str, text: str) -> dict[str, str]:
    return {"kind": kind, "text": text}


_WORDS: Final[dict[str, Callable[[Stage, Step, Sequence[SimpleNamespace]], Given]]] = {
    "scans code": lambda stage, step, _: _picked(
        _scan("release_code", stage.code("release", step)[0])
    ),
    "shows code": lambda stage, step, _: _picked(
        {"kind": "assertion"}, shown=[stage.code("presence", step)[1].hex()]
    ),
    "has word only": lambda *_: _picked({"kind": "assertion"}),
    "scans labels": lambda stage, _, rows: _labels(stage, rows),
    "brings by code": lambda stage, _, rows: _codes_of_customers(stage, rows),
    "brings by pin": lambda stage, _, rows: _brought(
        {"kind": "pin"}, beside={"pin": stage.mall.pin(rows[0].id)}
    ),
    "brings by wrong pin": lambda stage, _, rows: _brought(
        {"kind": "pin"}, beside={"pin": wrong_pin(stage.mall, rows[0].id)}
    ),
    "brings by photo": lambda *_: _brought({"kind": "photo", "sha256": "ab" * 32}),
    "brings": lambda *_: _brought({"kind": "none"}),
    "fails": lambda *_: _said("handoff.failed", reason="refused"),
    "gives back": lambda *_: _said("handoff.returned", {"kind": "assertion"}),
    "disputes": lambda *_: _said("correction"),
    "gives": lambda stage, step, _: _said(
        "handoff.released", shown=[stage.code("release", step)[1].hex()]
    ),
    "scans phone": lambda stage, step, _: _said(
        "handoff.released", _scan("presence", stage.code("presence", step)[0])
    ),
    "takes back": lambda *_: _said("handoff.returned"),
}
