"""Phones and desks learn the newest checkpoint with their state."""

import pytest
from flask import Flask

from tests import factories
from tests.personas import a_clerk, a_driver
from tests.sealing import read, seal

pytestmark = pytest.mark.both_engines


def test_states_of_phone_and_desk_bring_the_newest_checkpoint(app: Flask):
    mall = factories.a_mall(app)
    dina, carl = a_driver(mall, "Dina Diaz"), a_clerk(mall, "Carl", mall.store)
    screens = (dina, carl)
    assert [screen.state()["checkpoint"] for screen in screens] == [None, None]

    for size in (1, 2):
        mall.places()
        before = [screen.state()["rev"] for screen in screens]
        seal(app)
        (anchor,) = read(app, "select anchor from checkpoint order by size")[-1]
        for screen, rev in zip(screens, before, strict=True):
            state = screen.state()
            shown = state["checkpoint"]
            assert (shown["anchor"], shown["size"], len(anchor)) == (anchor, size, 16)
            assert shown["at"].endswith("Z")
            assert state["rev"] != rev


def test_locked_desk_learns_it_too(app: Flask):
    mall = factories.a_mall(app)
    carl = a_clerk(mall, "Carl", mall.store)
    mall.places()
    seal(app)
    carl.post("lock")

    state = carl.state()

    assert state["clerk"] is None
    assert state["checkpoint"]["size"] == 1
