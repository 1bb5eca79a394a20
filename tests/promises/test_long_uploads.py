"""Promise: a device that uploads a hundred statements does not keep the others waiting."""

import itertools
import json
import subprocess
import sys
from typing import Any, Final

import pytest
from flask import Flask

from app.config import Settings
from tests import factories, personas
from tests.devices import Signer, tablet_of
from tests.promises import serving
from tests.promises.serving import ANSWER_WITHIN_S, ROOT

pytestmark = [pytest.mark.promise, pytest.mark.slow, pytest.mark.both_engines]

COUNT: Final = 100
#: A request is a few events of the loop (connect, accept, read, answer), and each statement gives
#: way for one at least.
BETWEEN_ANSWERS_MAX: Final = 10


@pytest.fixture
def kept(app: Flask) -> tuple[Signer, str]:
    """A tablet that has kept a hundred statements about twenty deliveries, and its cookie."""
    mall = factories.a_mall(app)
    carl = personas.a_clerk(mall, "Carl", mall.store)
    tablet = tablet_of(carl)
    handles = [mall.delivery(mall.places()).handle for _ in range(20)]
    for number in range(COUNT):
        tablet.state("handoff.released", {handles[number % len(handles)]: 2})
    return tablet, f"mallrun_desk={carl.cookies['desk']}"


def what_came_when(settings: Settings, tablet: Signer, cookie: str) -> dict[str, Any]:
    """Upload beside somebody who asks all the time; see `tests.promises.shared_loop`."""
    body = json.dumps({"statements": tablet.kept})
    done = subprocess.run(
        [sys.executable, "-m", "tests.promises.shared_loop"],
        input=json.dumps({"path": tablet.path, "cookie": cookie, "body": body}),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=serving.full_environment(serving.environment(settings), port=0),
        timeout=ANSWER_WITHIN_S,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_others_are_answered_in_between(settings: Settings, kept: tuple[Signer, str]):
    came = what_came_when(settings, *kept)

    assert [each["outcome"] for each in came["upload"]["results"]] == ["applied"] * COUNT
    stretches = [
        len(list(group)) for what, group in itertools.groupby(came["order"]) if what == "statement"
    ]
    assert sum(stretches) == COUNT
    assert max(stretches) <= BETWEEN_ANSWERS_MAX
