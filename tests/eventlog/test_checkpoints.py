"""Every event gets one place in the tree, and each checkpoint signs all of them so far."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app import clock
from app.deliveries import placing
from app.domain.act import Act
from app.domain.checkpoint import EVERY_S, LEAVES_MAX, Checkpoint, anchor_of, read_note
from app.domain.custody_chain import merkle_root
from app.domain.merkle import grow
from app.eventlog import checkpoints, tree
from app.eventlog.checkpoints import Signer
from app.eventlog.models import LogCheckpoint, LogLeaf, LogNode
from app.jobs import log, worker
from app.jobs.handlers import HANDLERS
from app.jobs.schedule import plan
from app.keys import SERVER_KID, check_es256
from app.persistence.transaction import transaction
from tests import factories
from tests.crossing import at_once
from tests.factories import Mall
from tests.promises.statements import counting
from tests.sealing import add_events, read, seal

pytestmark = pytest.mark.both_engines

LEAVES = "select position, event_id, leaf_hash from log_leaf order by position"
NODES = "select level, number, hash from log_node order by level, number"
CHECKPOINTS = "select size, root, note, anchor, kid, signature from checkpoint order by size"
JOBS = "select key, run_at from job where kind = 'make_checkpoint' and done_at is null"


@pytest.fixture
def own(app: Flask) -> Mall:
    """A mall in a database of its own: sizes are those of this test."""
    return factories.a_mall(app)


def hashes(app: Flask) -> list[bytes]:
    return [bytes.fromhex(leaf_hash) for _position, _id, leaf_hash in read(app, LEAVES)]


def assert_tree_is_whole(app: Flask) -> None:
    """Hold what is stored to what the events' leaves come to."""
    leaves = read(app, LEAVES)
    assert [position for position, *_ in leaves] == list(range(len(leaves)))
    events = dict(read(app, "select id, leaf_hash from event"))
    assert {event_id: leaf_hash for _position, event_id, leaf_hash in leaves} == events
    grown = grow(0, (), hashes(app)).nodes
    assert read(app, NODES) == sorted((*name, digest.hex()) for name, digest in grown)
    assert read(app, "select * from log_waiting") == []


def test_checkpoint_covers_every_event_and_is_signed(own: Mall):
    for _ in range(5):
        own.places()

    seal(own.app)

    assert_tree_is_whole(own.app)
    ((size, root, note, anchor, kid, signature),) = read(own.app, CHECKPOINTS)
    expected = merkle_root(hashes(own.app))
    assert (size, root) == (5, expected.hex())
    assert read_note(note) == Checkpoint("127.0.0.1:8765", 5, expected)
    assert (anchor, kid) == (anchor_of(note), SERVER_KID)
    public_key = own.keys.server_public
    assert check_es256(public_key, bytes.fromhex(signature), note.encode())


def test_tree_grows_checkpoint_by_checkpoint(own: Mall):
    for count in (1, 2, 5, 1, 7):
        add_events(own.app, own.places(), count)
        seal(own.app)
        size, root, *_ = read(own.app, CHECKPOINTS)[-1]
        assert (size, root) == (len(hashes(own.app)), merkle_root(hashes(own.app)).hex())

    assert_tree_is_whole(own.app)
    assert [size for size, *_ in read(own.app, CHECKPOINTS)] == [2, 5, 11, 13, 21]


def test_events_of_a_delivery_keep_their_order(own: Mall):
    delivery_id = own.places()
    add_events(own.app, delivery_id, 30)

    seal(own.app)

    ordered = "select seq from event join log_leaf on event_id = event.id order by position"
    assert [seq for (seq,) in read(own.app, ordered)] == [0, *range(1001, 1031)]


def test_nothing_new_makes_no_checkpoint(own: Mall):
    own.places()
    seal(own.app)
    before = read(own.app, CHECKPOINTS)

    with own.writing():
        log.make_checkpoint(now=clock.now())

    assert read(own.app, CHECKPOINTS) == before


def test_event_that_was_rolled_back_does_not_wait(own: Mall):
    with pytest.raises(RuntimeError):
        place_and_fail(own)

    seal(own.app)

    assert read(own.app, LEAVES) == read(own.app, CHECKPOINTS) == []


def place_and_fail(own: Mall) -> None:
    with own.writing():
        act = Act.of_system(clock.now())
        placing.place(factories.new_delivery(), store_id=own.store.store_id, act=act)
        assert tree.waiting_count(5) == 1
        raise RuntimeError


def test_no_checkpoint_adds_more_than_its_share(own: Mall):
    add_events(own.app, own.places(), LEAVES_MAX + 3)

    seal(own.app)

    assert [size for size, *_ in read(own.app, CHECKPOINTS)] == [LEAVES_MAX, LEAVES_MAX + 4]
    assert_tree_is_whole(own.app)


def test_work_grows_with_what_is_new_and_not_with_the_log(own: Mall):
    statements: list[int] = []
    for known in (2, 40, 700):
        add_events(own.app, own.places(), known)
        seal(own.app)
        own.places()
        with own.writing(), counting(own.app) as found:
            log.make_checkpoint(now=clock.now())
        statements.append(len(found))

    # Hashes are read by their names: the leaf at the end, and one node for each bit of the size.
    assert max(statements) <= 8
    assert_tree_is_whole(own.app)


def test_two_workers_at_once_give_each_event_one_place(own: Mall):
    def work() -> None:
        with own.writing():
            log.make_checkpoint(now=clock.now())

    for _ in range(5):
        add_events(own.app, own.places(), 20)
        at_once(*[work] * 3)

    seal(own.app)
    assert_tree_is_whole(own.app)
    assert read(own.app, CHECKPOINTS)[-1][0] == 105


def test_worker_that_comes_second_waits_and_takes_the_rest(own: Mall, engine: str):
    own.places()
    has_taken, may_go_on = Event(), Event()

    def sign_late(note: bytes) -> bytes:
        has_taken.set()
        assert may_go_on.wait(10)
        return own.keys.sign(note)

    def work(sign: Callable[[bytes], bytes]) -> int:
        with own.writing():
            return checkpoints.make_checkpoint(Signer("mall", SERVER_KID, sign), now=clock.now())

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(work, sign_late)
        assert has_taken.wait(10)
        if engine == "postgres":
            own.places()
        second = pool.submit(work, own.keys.sign)
        if engine == "postgres":
            wait_until_blocked(own.app)
        may_go_on.set()

        assert (first.result(10), second.result(10)) == (1, 1 if engine == "postgres" else 0)
    assert_tree_is_whole(own.app)


def wait_until_blocked(app: Flask) -> None:
    """Wait until a statement waits for another transaction's rows; on PostgreSQL."""
    deadline = time.monotonic() + 10
    while not read(app, "select 1 from pg_locks where not granted"):
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.01)


def test_place_that_is_taken_is_refused(own: Mall):
    own.places()
    seal(own.app)

    taken = insert(LogLeaf).values(position=0, event_id="another", leaf_hash="00")
    with pytest.raises(IntegrityError), own.writing() as current:
        current.execute(taken)


@pytest.mark.parametrize(
    "statement",
    [
        update(LogLeaf).values(leaf_hash="00"),
        update(LogNode).values(hash="00"),
        update(LogCheckpoint).values(root="00"),
        delete(LogLeaf),
        delete(LogNode),
        delete(LogCheckpoint),
    ],
    ids=["leaf", "node", "checkpoint", "no leaf", "no node", "no checkpoint"],
)
def test_database_refuses_to_change_what_is_signed(own: Mall, statement):
    own.places()
    own.places()
    seal(own.app)
    before = [read(own.app, query) for query in (LEAVES, NODES, CHECKPOINTS)]

    with pytest.raises(DBAPIError, match="append-only"), own.writing() as current:
        current.execute(statement)

    assert [read(own.app, query) for query in (LEAVES, NODES, CHECKPOINTS)] == before


def test_hashes_are_read_by_name_leaves_and_nodes(own: Mall):
    add_events(own.app, own.places(), 8)
    seal(own.app)
    leaves = hashes(own.app)

    with own.reading():
        known = tree.hashes_of([(0, 8), (3, 0), (5, 0)])
        assert tree.tree_size() == 9

    assert known == {(0, 8): leaves[8], (3, 0): merkle_root(leaves[:8])}


def test_anchors_tell_when_their_checkpoints_were_made(own: Mall):
    at = clock.now() - timedelta(minutes=3)
    own.places()
    with clock.frozen(at):
        seal(own.app)
    (row,) = read(own.app, CHECKPOINTS)

    with own.reading():
        seen = tree.newest_checkpoint()
        assert seen == tree.Seen(row[3], 1, at)
        assert tree.anchored_at([row[3], "00" * 8]) == {row[3]: at}


class TestSchedule:
    def planned(self, app: Flask) -> list[str]:
        with app.app_context(), transaction():
            plan(clock.now())
        return [key for key, _run_at in read(app, JOBS)]

    def test_nothing_waits_and_nothing_is_planned(self, own: Mall):
        assert self.planned(own.app) == []

    def test_what_waits_is_taken_within_a_minute(self, own: Mall):
        own.places()

        for _ in range(3):
            assert len(self.planned(own.app)) == 1

        # A run that is formed in the same minute would be an event more, before or after.
        handlers = {**HANDLERS, "form_runs": lambda **_: None}
        with clock.frozen(clock.now() + timedelta(seconds=EVERY_S)), own.app.app_context():
            worker.run_due(handlers)
        assert_tree_is_whole(own.app)

    def test_many_are_taken_at_once_and_the_rest_after_them(self, own: Mall):
        add_events(own.app, own.places(), 2 * LEAVES_MAX)

        assert "make_checkpoint:full" in self.planned(own.app)
        with own.app.app_context():
            worker.run_due(HANDLERS)

        sizes = [size for size, *_ in read(own.app, CHECKPOINTS)]
        assert sizes == [LEAVES_MAX, 2 * LEAVES_MAX, 2 * LEAVES_MAX + 1]
