"""Handing mails over: what arrives, what is refused, and that nothing goes in the clear."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.domain.mail import Mailbox, MailServer
from app.local_network import make_certificate
from app.notify.post import NotSentError, Post, Words
from tests.notify.mail_server import PASSWORD, SENDER, USER, Inbox, listening, talking

WORDS = Words("Ein Webhook hält", "It took nothing.\n", "<p>It took nothing.</p>")
AT = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
#: Of this machine, but not one of the names that may be spoken to in the clear.
ELSEWHERE = "127.0.0.2"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with listening() as found:
        yield found


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side, and that of a client who trusts its authority."""
    authority, certificate, key = make_certificate(tmp_path_factory.mktemp("tls"), ELSEWHERE)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    return server, ssl.create_default_context(cafile=authority)


def send(post: Post, address: str = "mia@shop.test", words: Words = WORDS) -> None:
    post.send(post.written(words, address=address, event="stopped:1", person_id="per_1", at=AT))


def test_mail_arrives_whole(inbox: Inbox):
    send(inbox.post())

    (mail,) = inbox.mails
    assert (mail["From"], mail["To"]) == ("Mallrun <no-reply@mall.test>", "mia@shop.test")
    assert mail["Subject"] == "Ein Webhook hält"
    assert mail["Date"] == "Tue, 24 Nov 2026 14:30:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), text.get_content().strip()) == (
        "text/plain",
        "It took nothing.",
    )
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", WORDS.html)


def test_mail_of_one_event_is_the_same_byte_for_byte(inbox: Inbox):
    send(inbox.post())
    send(inbox.post())

    first, second = inbox.raw
    assert first == second


def test_other_person_gets_another_mail(inbox: Inbox):
    post = inbox.post()
    ids = {
        post.written(WORDS, address="a@b.test", event=event, person_id=person, at=AT)["Message-ID"]
        for event, person in [("e", "per_1"), ("e", "per_2"), ("f", "per_1")]
    }

    assert len(ids) == 3
    assert all(each.endswith("@mall.test>") for each in ids)


@pytest.mark.parametrize(
    "subject", ["Hi\r\nBcc: eve@evil.test", "Hi\n\nno more headers", "Hi\x00\x0b\u2028there"]
)
def test_subject_can_end_no_header(inbox: Inbox, subject: str):
    send(inbox.post(), words=Words(subject, "text", "<p>html</p>"))

    (mail,) = inbox.mails
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Hi ")
    assert len(inbox.to("mia@shop.test")) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mia",
        "mia@shop",
        "a@b.test, eve@evil.test",
        "a@b.test\r\nBcc: eve@evil.test",
        '"a b"@b.test',
        "Eve <eve@evil.test>",
        "mía@shop.test",
        "a..b@shop.test",
        "a@[127.0.0.1]",
    ],
)
def test_what_is_no_single_plain_address_gets_nothing(inbox: Inbox, address: str):
    with pytest.raises(NotSentError) as refused:
        send(inbox.post(), address)

    assert refused.value.is_final
    assert inbox.mails == []


@pytest.mark.parametrize(
    ("given", "is_final", "said"),
    [
        ({"refuses_address": "550 5.1.1 mia@shop.test unknown"}, True, "the address: 550 5.1.1"),
        ({"refuses_address": "450 4.2.0 greylisted"}, False, "the address: 450 4.2.0"),
        ({"refuses_mail": "554 5.7.1 spam"}, True, "the mail: 554 5.7.1"),
        ({"refuses_mail": "452 out of space"}, False, "the mail: 452"),
    ],
)
def test_refusal_is_told_without_the_address(
    inbox: Inbox, given: dict[str, str], *, is_final: bool, said: str
):
    for name, value in given.items():
        setattr(inbox, name, value)

    with pytest.raises(NotSentError) as refused:
        send(inbox.post())

    assert refused.value.is_final == is_final
    assert str(refused.value) == f"the mail server refused {said}"
    # Neither the error nor what it came from names anybody: both go to a log.
    assert refused.value.__suppress_context__


def test_login_over_starttls(contexts: tuple[ssl.SSLContext, ssl.SSLContext]):
    server, client = contexts
    with listening(ELSEWHERE, server) as inbox:
        send(inbox.post(client, user=USER, password=PASSWORD))

    assert (inbox.was_encrypted, inbox.users) == ([True], [USER])


def test_login_over_tls_from_the_first_byte(contexts: tuple[ssl.SSLContext, ssl.SSLContext]):
    server, client = contexts
    with listening(ELSEWHERE, server, is_tls_at_once=True) as inbox:
        send(inbox.post(client, user=USER, password=PASSWORD, is_tls_at_once=True))

    assert inbox.users == [USER]


def test_wrong_password_is_the_operators_to_repair(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
):
    server, client = contexts
    with listening(ELSEWHERE, server) as inbox, pytest.raises(NotSentError) as refused:
        send(inbox.post(client, user=USER, password="wrong"))

    assert (str(refused.value), refused.value.is_final) == (
        "the mail server refused us: 535 5.7.8",
        False,
    )


def test_nothing_goes_elsewhere_in_the_clear():
    with listening(ELSEWHERE) as inbox, pytest.raises(NotSentError, match="STARTTLS"):
        send(inbox.post())

    assert inbox.mails == []


@pytest.mark.parametrize("is_tls_at_once", [False, True])
def test_nothing_goes_to_a_server_whose_certificate_does_not_hold(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], *, is_tls_at_once: bool
):
    server, _client = contexts
    with (
        listening(ELSEWHERE, server, is_tls_at_once=is_tls_at_once) as inbox,
        pytest.raises(NotSentError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        send(inbox.post(user=USER, password=PASSWORD, is_tls_at_once=is_tls_at_once))

    assert inbox.mails == []


def test_mail_that_was_taken_is_sent_even_if_the_farewell_fails():
    """A failed QUIT must not send it a second time."""
    with talking([b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go", b"250 taken"]) as port:
        send(post_to(port))


@pytest.mark.parametrize("said", [b"554 go away", b"220 hi", b""])
def test_server_that_hangs_up_is_tried_again(said: bytes):
    with talking([said]) as port, pytest.raises(NotSentError) as refused:
        send(post_to(port))

    assert not refused.value.is_final


def test_silent_server_is_given_up_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as server:
        post = post_to(server.getsockname()[1], timeout_s=0.3)
        with pytest.raises(NotSentError, match="timed out"):
            send(post)


def test_deadline_is_for_everything_together():
    """Each answer comes in time, all of them do not."""
    with (
        talking([b"220 hi", b"250 hi", b"250 ok", b"250 ok"], pause_s=0.3) as port,
        pytest.raises(NotSentError, match=r"timed out|TimeoutError"),
    ):
        send(post_to(port, timeout_s=0.8))


def test_closed_port_is_no_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(NotSentError, match="ConnectionRefusedError"):
        send(post_to(port))


def post_to(port: int, timeout_s: float = 5) -> Post:
    server = MailServer("127.0.0.1", port, is_tls_at_once=False, user="", password="")
    return Post(server, Mailbox(SENDER.name, SENDER.address), timeout_s=timeout_s)
