"""The page whose command it was reads the state in the answer, and is not told of it once more."""

from typing import Any

from app.extensions import socketio
from app.realtime import publish
from tests.factories import Mall, command
from tests.personas import Driver
from tests.realtime.conftest import Connect


def name_of(socket: Any) -> str:
    """Return the name under which a page knows its own connection."""
    return socketio.server.manager.sid_from_eio_sid(socket.eio_sid, "/")


def heard(socket: Any) -> list[str]:
    """Return the entities of which a socket heard since the last look."""
    return [each["args"][0]["entity"] for each in socket.get_received()]


def test_page_that_reads_the_answer_is_not_nudged_as_well(
    mall: Mall, dina: Driver, connect: Connect
):
    # Two phones of one driver, or two tabs.
    own = connect(dina.state()["socket"]["ticket"])
    other = connect(dina.state()["socket"]["ticket"])
    run_id = mall.offers()
    assert "offers" in heard(own)

    claimed = dina.client.post(
        f"/driver/api/runs/{run_id}/claim",
        json=command(),
        headers={publish.SOCKET: name_of(own)},
    )

    assert claimed.get_json()["state"]["run"]["id"] == run_id
    assert heard(own) == []
    assert "run" in heard(other)


def test_answered_revision_is_the_one_that_is_fetched(mall: Mall, dina: Driver):
    answered = dina.claim(mall.offers()).get_json()["state"]["rev"]

    again = dina.client.get("/driver/api/state", headers={"If-None-Match": f'W/"{answered}"'})

    assert again.status_code == 304
