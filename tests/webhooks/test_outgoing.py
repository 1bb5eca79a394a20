"""One request to an address of strangers: what it refuses, what it reads, when it gives up."""

import threading
import time
from typing import Any

import pytest

from app.webhooks.outgoing import Sender
from tests.webhooks.receiver import OK, Receiver, answer

#: Far more than the deadline lets through, and how long to wait for the hanging up itself.
DRIPS, PATIENCE_S = 1_000, 60
BODY = b'{"type":"x"}'


def post(url: str, **given: Any) -> tuple[int | None, str, str]:
    chosen: dict[str, Any] = {"allows_loopback": True, "timeout_s": 1.0} | given
    sender = Sender(**chosen)
    found = sender.post(url, {"webhook-id": "msg_1"}, BODY)
    return found.status, found.text, found.error


def test_good_answer_is_told(receiver: Receiver):
    receiver.script = lambda *_: answer(202, body=b"thanks")

    assert post(receiver.url) == (202, "thanks", "")
    (request,) = receiver.requests
    assert request.head == "POST /hook HTTP/1.1"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.body == BODY


def test_loopback_is_refused_without_the_setting(receiver: Receiver):
    assert post(receiver.url, allows_loopback=False) == (None, "", "refused_address")
    assert receiver.requests == []


@pytest.mark.parametrize(
    "addresses",
    [
        [],
        ["127.0.0.1"],
        ["93.184.216.34", "169.254.169.254"],
        ["::ffff:a9fe:a9fe"],
        ["64:ff9b::a9fe:a9fe"],
    ],
)
def test_name_that_leads_inside_is_refused(addresses: list[str]):
    def lying(_host: str, _port: int) -> list[str]:
        return addresses

    found = post("https://shop.example/", allows_loopback=False, resolver=lying)

    assert found == (None, "", "refused_address")


def test_name_is_looked_up_once(receiver: Receiver):
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    found = post(f"http://localhost:{receiver.port}/hook", resolver=rebinding)

    assert found[0] == 200
    assert asked == ["localhost"]


def test_redirection_is_not_followed(receiver: Receiver):
    receiver.script = lambda *_: answer(302, "Location: http://127.0.0.1:1/inside")

    assert post(receiver.url) == (302, "", "")
    assert len(receiver.requests) == 1


def test_endless_answer_is_cut_off(receiver: Receiver):
    def pour(_request, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(1_000):
            connection.sendall(b"x" * 10_000)

    receiver.script = pour

    status, text, error = post(receiver.url)

    assert (status, len(text), error) == (200, 1_024, "")


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX: ", b"", b"HTTP/1.1 200 OK\r\n"])
def test_slow_answer_ends_at_the_deadline(receiver: Receiver, head: bytes):
    hung_up = threading.Event()

    def drip(_request, connection):
        connection.sendall(head)
        try:
            for _ in range(DRIPS):
                time.sleep(0.05)
                connection.sendall(b"y")
        except OSError:
            hung_up.set()

    receiver.script = drip

    found = post(receiver.url, timeout_s=0.4)

    assert found in {(None, "", "timeout"), (None, "", "no_answer")}
    assert hung_up.wait(PATIENCE_S)


def test_head_without_end_is_given_up(receiver: Receiver):
    def pour(_request, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for _ in range(1_000):
            connection.sendall(b"A: b\r\n" * 100)

    receiver.script = pour

    assert post(receiver.url)[2] == "no_answer"


@pytest.mark.parametrize(
    "said",
    [b"", b"hello\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\r\n\r\n"],
)
def test_what_is_no_answer_is_none(receiver: Receiver, said: bytes):
    receiver.script = lambda *_: said

    assert post(receiver.url) == (None, "", "no_answer")


def test_interim_answers_are_passed_over(receiver: Receiver):
    receiver.script = lambda *_: b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK

    assert post(receiver.url)[0] == 200


def test_endless_interim_answers_are_none(receiver: Receiver):
    receiver.script = lambda *_: b"HTTP/1.1 100 Continue\r\n\r\n" * 50

    assert post(receiver.url)[2] == "no_answer"


def test_nobody_listening_is_told():
    assert post("http://127.0.0.1:1/")[2] == "no_connection"


def test_answer_that_is_no_text_is_kept_as_far_as_it_is(receiver: Receiver):
    receiver.script = lambda *_: answer(200, body=b"a\x00\xff")

    assert post(receiver.url)[1] == "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"


def test_plain_answer_on_a_secure_port_is_no_certificate(receiver: Receiver):
    receiver.script = lambda *_: OK

    found = post(f"https://127.0.0.1:{receiver.port}/")

    assert found[0] is None
    assert found[2] in {"no_certificate", "no_connection", "timeout"}
