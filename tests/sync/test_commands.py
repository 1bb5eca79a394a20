"""Commands take effect once, however often they arrive."""

from typing import Any

import pytest

from app import clock
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.sync import service as sync
from tests.crossing import at_once
from tests.factories import Mall, command
from tests.personas import Driver, code_of

pytestmark = pytest.mark.both_engines


def test_answer_is_remembered_word_for_word(mall: Mall):
    key = sync.command_key("driver:per_a", "id", "claim run_a", {"x": 1})
    with mall.writing():
        assert sync.begin(key, now=clock.now()) is None
        sync.finish(key, {"result": {"run_id": "run_a"}})

    with mall.writing():
        assert sync.begin(key, now=clock.now()) == {"result": {"run_id": "run_a"}}


@pytest.mark.parametrize("other", [("claim run_b", {"x": 1}), ("claim run_a", {"x": 2})])
def test_id_with_other_content_is_refused(mall: Mall, other: tuple[str, Any]):
    first = sync.command_key("driver:per_b", "id", "claim run_a", {"x": 1})
    with mall.writing():
        sync.begin(first, now=clock.now())
        sync.finish(first, {"result": {}})

    with pytest.raises(DomainError, match="command_id_reused"), mall.writing():
        sync.begin(sync.command_key("driver:per_b", "id", *other), now=clock.now())


def test_refused_command_is_forgotten_and_may_come_again(mall: Mall, dina: Driver):
    path, body = f"/driver/api/runs/{mall.offers()}/claim", command()
    dina.post("duty", on_duty=False, site_id=None)
    refused = dina.client.post(path, json=body)
    dina.post("duty", on_duty=True, site_id=mall.site_id)

    answer = dina.client.post(path, json=body)

    assert (code_of(refused), answer.status_code) == ("not_on_duty", 200)


def test_one_command_sent_many_times_at_once_works_once(mall: Mall, dina: Driver):
    run_id, body = mall.offers(), command()
    path = f"/driver/api/runs/{run_id}/claim"

    answers = at_once(*[lambda: dina.client.post(path, json=body)] * 6)

    assert [answer.get_json()["result"] for answer in answers] == [{"run_id": run_id}] * 6
    assert mall.count(run_id, EventType.RUN_CLAIMED) == 1


def test_old_answer_takes_nothing_from_the_next_driver(mall: Mall, dina: Driver, dan: Driver):
    run_id, body = mall.offers(), command()
    path = f"/driver/api/runs/{run_id}/claim"
    dina.client.post(path, json=body)
    dina.post(f"runs/{run_id}/release", reason="mistake", note="")

    dan.client.post(path, json=body)

    assert mall.run(run_id).driver_id == dan.person_id
    assert dina.client.post(path, json=body).get_json()["result"] == {"run_id": run_id}
    assert mall.run(run_id).driver_id == dan.person_id
