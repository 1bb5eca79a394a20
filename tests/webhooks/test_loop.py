"""The senders' loops: side by side while something is due, one look at a time while nothing is."""

import contextlib
import time
from collections.abc import Generator
from threading import Event, Lock, Thread

import pytest
from flask import Flask

from app.jobs import webhooks
from app.persistence.transaction import transaction
from app.webhooks import sending
from tests.factories import Mall

WITHIN_S = 20


@contextlib.contextmanager
def senders(app: Flask, count: int) -> Generator[list[Thread]]:
    """Let so many loops run, and end them."""
    stop, turn = Event(), Lock()
    loops = [Thread(target=webhooks.loop, args=(app, stop, turn)) for _ in range(count)]
    for each in loops:
        each.start()
    try:
        yield loops
    finally:
        stop.set()
        for each in loops:
            each.join(WITHIN_S)


def test_slow_receiver_holds_up_nobody_else(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    waiting = ["slow", "quick"]
    begun, released, arrived = Event(), Event(), Event()

    def send(taken: str, *_: object, **__: object) -> None:
        if taken == "quick":
            arrived.set()
            return
        begun.set()
        assert released.wait(WITHIN_S)

    monkeypatch.setattr(sending, "take", lambda *_, **__: waiting.pop(0) if waiting else None)
    monkeypatch.setattr(sending, "send", send)

    with senders(mall.app, 2):
        slow_began, quick_arrived = begun.wait(WITHIN_S), arrived.wait(WITHIN_S)
        released.set()

    assert slow_began
    assert quick_arrived


def test_one_looks_while_nothing_is_due(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhooks, "IDLE_LOOK_S", 0.001)
    inside, most, enough = [0], [0], Event()
    looks: list[int] = []

    def look(*_: object, **__: object) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        # Long enough that a second one would be seen.
        time.sleep(0.001)
        looks.append(1)
        if len(looks) > 50:
            enough.set()
        inside[0] -= 1

    monkeypatch.setattr(sending, "take", look)

    with senders(mall.app, 4) as loops:
        has_looked = enough.wait(WITHIN_S)

    assert has_looked
    assert most == [1]
    assert not any(each.is_alive() for each in loops)


def test_failure_ends_no_loop(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhooks, "IDLE_LOOK_S", 0.001)
    failures, again = [RuntimeError("no database")], Event()

    def look(*_: object, **__: object) -> None:
        if failures:
            raise failures.pop()
        with transaction():
            again.set()

    monkeypatch.setattr(sending, "take", look)

    with senders(mall.app, 1):
        assert again.wait(WITHIN_S)
