"""Promise: a statement that was answered for is never lost, whenever the server is killed (R2, R3).

A real server process dies by SIGKILL under phones and tablets that upload, comes up again, and dies
again. Devices repeat what nobody answered for.
"""

import os
import secrets
import signal
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.config import Settings
from app.deliveries.models import Delivery
from app.domain.custody_chain import EMPTY_HEAD, leaf_hash, next_head
from app.domain.envelope import read_envelope
from app.domain.statement import Statement
from app.eventlog import queries as eventlog
from app.eventlog.service import facts_of
from app.handoffs import queries as handoffs
from app.handoffs.models import StatementResult, StatementRow
from app.persistence.transaction import session
from tests import factories, personas
from tests.devices import phone_of, picked_up, released, tablet_of
from tests.factories import Mall, copy_of
from tests.promises import serving
from tests.promises.forked import Forks
from tests.promises.uploading import Sender, Uploads
from tests.servers import free_port

pytestmark = [pytest.mark.promise, pytest.mark.slow, pytest.mark.both_engines]

#: A run has this many deliveries at most; each gets three statements.
PER_DRIVER: Final = 6
WITHIN_S: Final = 120
#: A server is killed up to this long after the moment that was drawn, in whatever it does then.
IN_THE_MIDDLE_S: Final = 0.03
AGO: Final = timedelta(hours=1)


@pytest.fixture
def kills(is_full: bool) -> int:  # noqa: FBT001 - a fixture is not called by hand.
    return 50 if is_full else 5


@pytest.fixture
def mall(app: Flask) -> Mall:
    return factories.a_mall(app)


@pytest.fixture
def senders(mall: Mall, kills: int) -> list[Sender]:
    """Drivers who collected and delivered without signal, and the tablet that gave."""
    carl = personas.a_clerk(mall, "Carl", mall.store)
    tablet = tablet_of(carl)
    found: list[Sender] = []
    for number in range(kills + 1):
        driver = personas.a_driver(mall, f"Driver {number}")
        run_id = mall.offers(*({"merchant_ref": f"A-{each}"} for each in range(PER_DRIVER)))
        assert driver.claim(run_id).status_code == 200
        phone, at = phone_of(driver), clock.now() - AGO
        for row in mall.deliveries_of(run_id):
            parcels, nonce = {row.handle: row.parcel_count}, os.urandom(8)
            release = carl.release(driver, parcels, nonce=nonce, iat=int(at.timestamp()))
            picked_up(phone, carl.sign(release), parcels, at=at)
            released(tablet, [nonce], parcels, at=at)
            phone.state("handoff.delivered", parcels, evidence=[{"kind": "none"}], at=at)
        cookie = f"mallrun_driver={driver.token}"
        found.append(Sender(phone, cookie, [*phone.kept]))
    cookie = f"mallrun_desk={carl.cookies['desk']}"
    return [*found, Sender(tablet, cookie, [*tablet.kept])]


def upload_under_kills(
    forks: Forks, settings: Settings, senders: Sequence[Sender], kills: int, log: Path
) -> None:
    """Let all devices upload; kill the server at as many moments between the first and the last."""
    total = sum(len(sender.queue) for sender in senders)
    port, chance, environment = free_port(), secrets.SystemRandom(), serving.environment(settings)
    uploads = Uploads(senders, port)
    for number in range(kills):
        with forks.running_server(environment, port=port, log=log) as server:
            if number == 0:
                uploads.start()
            uploads.wait_for(int(total * (number + chance.random()) / (kills + 1)))
            time.sleep(chance.random() * IN_THE_MIDDLE_S)
            assert uploads.are_busy(), "nobody was uploading when the server was to be killed"
            os.kill(server.pid, signal.SIGKILL)
    with forks.running_server(environment, port=port, log=log):
        uploads.finish(WITHIN_S)


def test_what_was_answered_for_is_there_once(
    *,
    mall: Mall,
    settings: Settings,
    forks: Forks,
    senders: list[Sender],
    kills: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    kept = [read_envelope(sent["envelope"]) for sender in senders for sent in sender.queue]

    upload_under_kills(forks, settings, senders, kills, tmp_path / "server.log")

    acknowledged = {event_id for sender in senders for event_id in sender.acknowledged}
    with mall.reading():
        stored = Counter(session().scalars(select(StatementRow.event_id)))
    with capsys.disabled():
        tell(kills, senders, acknowledged, stored)
    assert acknowledged == {each.statement.event_id for each in kept}
    assert stored == Counter(acknowledged)
    require_device_chains(mall, senders)
    for row in every_delivery(mall):
        require_whole_chain(mall, row)
        require_custody_as_stated(mall, row, [each.statement for each in kept])


def tell(
    kills: int, senders: Sequence[Sender], acknowledged: set[str], stored: Counter[str]
) -> None:
    unknown = sum(sender.unknown for sender in senders)
    again = sum(sender.repeated for sender in senders)
    print(  # noqa: T201 - the promise is published with its counts.
        f"\n{kills} kills under {unknown} uploads:"
        f" {len(acknowledged)} statements answered for, {again} of them had been kept before;"
        f" {len(acknowledged - stored.keys())} lost, {stored.total() - len(stored)} twice"
    )


def every_delivery(mall: Mall) -> list[SimpleNamespace]:
    with mall.reading():
        return [copy_of(row) for row in session().scalars(select(Delivery))]


def require_device_chains(mall: Mall, senders: Sequence[Sender]) -> None:
    """Every device's count ends where the device ended, and no result was left open."""
    with mall.reading():
        for sender in senders:
            chain = handoffs.device_chain(sender.device.kid)
            assert chain is not None
            assert (chain.seq, chain.sha256) == (sender.device.seq, sender.device.prev)
        outcomes = Counter(session().scalars(select(StatementResult.outcome)))
    assert set(outcomes) == {"applied"}


def require_whole_chain(mall: Mall, row: SimpleNamespace) -> None:
    with mall.reading():
        head = EMPTY_HEAD
        for number, event in enumerate(eventlog.timeline(row.id)):
            head = next_head(head, leaf_hash(event.record.encode()))
            assert (event.seq, event.head) == (number, head.hex())


def require_custody_as_stated(
    mall: Mall, row: SimpleNamespace, statements: Sequence[Statement]
) -> None:
    """Every statement has had its one effect: collected on both sides' word, and delivered."""
    with mall.reading():
        told = [facts_of(event.record) for event in eventlog.timeline(row.id)]
        found = [(each.kind, each.level) for each in handoffs.handoffs_of(row.id)]
    counted = Counter(facts["statement"] for facts in told if "statement" in facts)
    assert counted == Counter(each.event_id for each in statements if row.handle in each.parcels)
    assert row.status == "delivered"
    assert sorted(found) == [("dropoff", "E0"), ("pickup", "E3")]
    assert mall.holders(row.id) == {("customer", row.id)}
