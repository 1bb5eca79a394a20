"""Listeners hear of an event after its commit, and of nothing that was rolled back."""

from collections.abc import Sequence

import pytest

from app import clock
from app.deliveries import service as deliveries
from app.domain.act import Act
from app.domain.errors import DomainError
from app.eventlog import relay
from app.eventlog.relay import Happened
from tests.factories import Mall
from tests.personas import Clerk

pytestmark = pytest.mark.both_engines


@pytest.fixture(autouse=True)
def _nobody_else_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "_listeners", [])


@pytest.fixture
def heard() -> list[str]:
    """Types of the events that a listener was told of; it asked twice to be told."""
    types: list[str] = []

    def listen(happened: Sequence[Happened]) -> None:
        types.extend(each.type.value for each in happened)

    relay.listen(listen)
    relay.listen(listen)
    return types


def test_committed_event_is_told_once(mall: Mall, heard: list[str]):
    mall.places()

    assert heard == ["delivery.created"]


def test_rolled_back_event_is_never_told(mall: Mall, heard: list[str]):
    delivery_id = mall.places()
    heard.clear()

    with pytest.raises(RuntimeError):
        pack_and_fail(mall, delivery_id)

    assert heard == []
    assert mall.events(delivery_id) == ["delivery.created"]


def pack_and_fail(mall: Mall, delivery_id: str) -> None:
    with mall.writing():
        act = Act.of_system(clock.now())
        deliveries.pack(delivery_id, store_id=mall.store.store_id, act=act)
        raise RuntimeError


def test_refused_command_tells_nothing(mall: Mall, heard: list[str]):
    with pytest.raises(DomainError), mall.writing():
        deliveries.pack("dlv_x", store_id="str_x", act=Act.of_system(clock.now()))

    assert heard == []


def test_failing_listener_stops_neither_the_change_nor_the_others(
    mall: Mall, carl: Clerk, heard: list[str]
):
    def fail(_happened: object) -> None:
        raise OSError

    told: list[Happened] = []
    relay.listen(fail)
    relay.listen(told.extend)

    answer = carl.post(f"deliveries/{mall.places()}/pack")

    assert answer.status_code == 200
    assert heard == ["delivery.created", "delivery.packed"]
    assert [each.type.value for each in told] == heard


def test_subject_carries_what_rooms_are_computed_from(mall: Mall):
    told: list[Happened] = []
    relay.listen(told.extend)

    delivery_id = mall.places()

    subject = told[0].subject
    assert (subject.delivery_id, subject.store_id) == (delivery_id, mall.store.store_id)
    assert (subject.site_id, subject.run_id, subject.driver_id) == (mall.site_id, None, None)
