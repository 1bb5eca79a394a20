"""The log: chained, never changed, and free of personal data."""

import json

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from app.domain.custody_chain import EMPTY_HEAD, commitment, leaf_hash, next_head
from app.domain.log_audit import to_milliseconds, whole_milliseconds
from app.eventlog import queries
from app.eventlog.models import EventPersonalData, EventRow
from app.eventlog.queries import EventRow as Event
from tests.factories import Mall
from tests.journeys import collected
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

#: What a person could be found by, in the world of these tests.
PERSONAL = ("Cleo", "Cruz", "480 555", "Dobson", "Apt 4", "code 1221", "neighbour", "Rang twice")


@pytest.fixture
def delivery_id(mall: Mall, dina: Driver, carl: Clerk) -> str:
    """A delivery with a long life behind it."""
    collected(dina, carl, {"proof": "pin"})
    (stop,) = dina.stops("dropoff")
    delivery_id = stop["delivery"]["id"]
    mall.app.test_client().post(
        f"{mall.link(delivery_id)}/instructions", data={"instructions": "The neighbour"}
    )
    dina.arrive(stop)
    dina.deliver(stop, "pin", pin="000000")
    dina.post(f"stops/{stop['id']}/fail", epoch=1, reason="refused", note="Rang twice")
    dina.give_back(dina.stops("return")[0])
    return delivery_id


def timeline(mall: Mall, delivery_id: str) -> list[Event]:
    with mall.reading():
        return list(queries.timeline(delivery_id))


def assert_chain_holds(events: list[Event]) -> None:
    head = EMPTY_HEAD
    for seq, event in enumerate(events):
        leaf = leaf_hash(event.record.encode())
        head = next_head(head, leaf)
        assert (event.seq, event.leaf_hash, event.head) == (seq, leaf.hex(), head.hex())


def test_heads_recomputed_are_the_heads_stored(mall: Mall, delivery_id: str):
    events = timeline(mall, delivery_id)

    assert len(events) >= 9
    assert_chain_holds(events)


def test_record_says_what_the_columns_say(mall: Mall, delivery_id: str):
    handle = mall.delivery(delivery_id).handle

    for event in timeline(mall, delivery_id):
        record = json.loads(event.record)
        said = (record["event_id"], record["type"], record["seq"], record["actor"])
        assert said == (event.id, event.type, event.seq, event.actor)
        assert record["delivery"] == handle
        assert record["occurred_at"] == to_milliseconds(event.occurred_at)
        assert event.occurred_at == whole_milliseconds(event.occurred_at)


def test_one_changed_byte_breaks_the_chain(mall: Mall, delivery_id: str):
    events = timeline(mall, delivery_id)
    events[3].record = events[3].record.replace('"v":1', '"v":2')

    with pytest.raises(AssertionError):
        assert_chain_holds(events)


def test_no_record_holds_personal_data(mall: Mall, delivery_id: str):
    for event in timeline(mall, delivery_id):
        assert not [word for word in PERSONAL if word in event.record], event.record


def test_personal_data_opens_its_commitment(mall: Mall, delivery_id: str):
    with mall.reading() as session:
        for event in queries.timeline(delivery_id):
            person = session.get(EventPersonalData, event.id)
            committed = json.loads(event.record).get("pii_commit")
            assert (person is None) == (committed is None)
            if person is not None:
                salt = bytes.fromhex(person.salt)
                assert commitment(salt, person.value.encode()).hex() == committed


def test_erasing_personal_data_keeps_the_chain(mall: Mall, delivery_id: str):
    ids = [event.id for event in timeline(mall, delivery_id)]

    with mall.writing() as session:
        erase = delete(EventPersonalData).where(EventPersonalData.event_id.in_(ids))
        assert session.execute(erase).rowcount >= 4  # pyright: ignore[reportAttributeAccessIssue]

    assert_chain_holds(timeline(mall, delivery_id))


@pytest.mark.parametrize(
    "statement",
    [
        update(EventRow).values(actor="somebody"),
        update(EventRow).values(head="00"),
        delete(EventRow),
        text("update event set record = '{}'"),
    ],
    ids=["actor", "head", "delete", "record"],
)
def test_database_refuses_to_change_an_event(mall: Mall, delivery_id: str, statement):
    before = [event.record for event in timeline(mall, delivery_id)]

    with pytest.raises(DBAPIError, match="append-only"), mall.writing() as session:
        session.execute(statement)

    assert [event.record for event in timeline(mall, delivery_id)] == before


def test_database_refuses_a_second_event_with_one_number(mall: Mall, delivery_id: str):
    first = timeline(mall, delivery_id)[0]
    values = {column.key: getattr(first, column.key) for column in EventRow.__table__.columns}

    with pytest.raises(DBAPIError), mall.writing() as session:
        session.add(EventRow(**values | {"id": "another"}))


def test_delivery_with_events_cannot_be_deleted(mall: Mall, delivery_id: str):
    with pytest.raises(DBAPIError), mall.writing() as session:
        session.execute(text("delete from delivery where id = :id"), {"id": delivery_id})
