"""Phones and tablets that upload what they kept, and try again until it was answered for.

As the apps do: a batch goes out again, whole, after everything but an answer for each statement.
"""

import http.client
import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.devices import Sent, Signer

ANSWER_WITHIN_S: Final = 30
#: Between two tries, seconds: short, so that a server that has just come up is under load at once.
PAUSE_S: Final = 0.02
LOOK_EVERY_S: Final = 0.002
BATCH_MAX: Final = 4
#: What an item's answer may say so that the device lets go of it.
FINAL: Final = frozenset({"applied", "duplicate", "recorded", "rejected", "held"})


@dataclass
class Sender:
    """A device's uploads, in a thread of its own.

    Attributes:
        acknowledged: Event id -> outcome, as it was answered first.
        repeated: Statements that were answered as known already: their first answer was lost.
        unknown: Uploads that went out and were never answered for.
    """

    device: Signer
    cookie: str
    queue: list[Sent]
    chance: secrets.SystemRandom = field(default_factory=secrets.SystemRandom)
    acknowledged: dict[str, str] = field(default_factory=dict[str, str])
    repeated: int = 0
    unknown: int = 0

    def run(self, port: int, stop: threading.Event) -> None:
        """Upload until nothing is left, or until told to stop."""
        while self.queue and not stop.is_set():
            batch = self.queue[: self.chance.randint(1, BATCH_MAX)]
            results = self._post(port, batch)
            if results is None:
                stop.wait(PAUSE_S)
                continue
            assert len(results) == len(batch)
            for result in results:
                assert result["outcome"] in FINAL
                self.repeated += result["outcome"] == "duplicate"
                self.acknowledged[result["event_id"]] = result["original"] or result["outcome"]
            del self.queue[: len(batch)]

    def _post(self, port: int, batch: Sequence[Sent]) -> list[dict[str, Any]] | None:
        """Send a batch; None when nobody can know whether it was taken."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN_S)
        headers = {"Cookie": self.cookie, "Content-Type": "application/json"}
        try:
            body = json.dumps({"statements": list(batch)})
            connection.request("POST", self.device.path, body, headers)
            response = connection.getresponse()
            content = response.read()
        except ConnectionRefusedError:
            return None
        except (OSError, http.client.HTTPException):
            self.unknown += 1
            return None
        finally:
            connection.close()
        if response.status >= 500:
            self.unknown += 1
            return None
        assert response.status == 200, content
        return json.loads(content)["results"]


class Uploads:
    """All senders at work at once."""

    def __init__(self, senders: Sequence[Sender], port: int) -> None:
        """Make a thread for each sender; nothing is sent yet."""
        self.senders = senders
        self._stop = threading.Event()
        self._problems: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._run, args=(sender, port), daemon=True)
            for sender in senders
        ]

    def _run(self, sender: Sender, port: int) -> None:
        try:
            sender.run(port, self._stop)
        except BaseException as problem:  # noqa: BLE001 - told by `finish`, in the test's own thread.
            self._problems.append(problem)
            self._stop.set()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def count(self) -> int:
        """Return how many statements were answered for."""
        return sum(len(sender.acknowledged) for sender in self.senders)

    def wait_for(self, count: int) -> None:
        """Wait until so many were answered for, or nobody is uploading any more."""
        while self.count() < count and self.are_busy():
            self._stop.wait(LOOK_EVERY_S)

    def are_busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def finish(self, within_s: float) -> None:
        """Wait for all; raise what one of them met."""
        for thread in self._threads:
            thread.join(within_s)
        self._stop.set()
        if self._problems:
            raise self._problems[0]
        assert not any(sender.queue for sender in self.senders), "somebody did not get through"
