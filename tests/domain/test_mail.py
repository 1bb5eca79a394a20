"""Mail servers, senders and addresses as an operator writes them; and what names a mail."""

import pytest

from app.domain.mail import (
    Mailbox,
    MailServer,
    is_address,
    mail_server,
    mailbox,
    message_id,
    one_line,
)


@pytest.mark.parametrize(
    ("url", "server", "needs_tls"),
    [
        ("smtp://mail.test", ("mail.test", 587, False, "", ""), True),
        ("smtp://ada:pw@mail.test:25", ("mail.test", 25, False, "ada", "pw"), True),
        (
            "smtps://a%40b.test:p%2Fw%3A@mail.test/",
            ("mail.test", 465, True, "a@b.test", "p/w:"),
            True,
        ),
        ("smtp://localhost:1025", ("localhost", 1025, False, "", ""), False),
        ("smtp://[::1]:25", ("::1", 25, False, "", ""), False),
        ("smtps://127.0.0.1", ("127.0.0.1", 465, True, "", ""), True),
        ("smtp://localhost.evil.test", ("localhost.evil.test", 587, False, "", ""), True),
    ],
)
def test_server(url: str, server: tuple[str, int, bool, str, str], *, needs_tls: bool):
    found = mail_server(url)

    assert found is not None
    assert (found.host, found.port, found.is_tls_at_once, found.user, found.password) == server
    assert found.needs_tls == needs_tls


@pytest.mark.parametrize(
    "url",
    [
        "mail.test",
        "https://mail.test",
        "smtp://",
        "smtp://mail.test/inbox",
        "smtp://mail.test?tls=no",
        "smtp://mail.test#x",
        "smtp://ada@mail.test",
        "smtp://:pw@mail.test",
        "smtp://ada:p%0Aw@mail.test",
        "smtp://mail.test:port",
        "smtp://[::1",
    ],
)
def test_no_server(url: str):
    assert mail_server(url) is None


def test_password_is_not_printed():
    server = MailServer("mail.test", 587, is_tls_at_once=False, user="ada", password="secret")

    assert "secret" not in repr(server)


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("no-reply@mall.test", Mailbox("", "no-reply@mall.test")),
        ("Mallrun <no-reply@mall.test>", Mailbox("Mallrun", "no-reply@mall.test")),
        (" Einkauf, Süd  < a@Mall.test > ", Mailbox("Einkauf, Süd", "a@Mall.test")),
        ("Mallrun", None),
        ("Mallrun <>", None),
        ("A <a@b.test> <c@d.test>", None),
        ("A\nBcc: <a@b.test>", None),
    ],
)
def test_sender(text: str, box: Mailbox | None):
    assert mailbox(text) == box


def test_domain_of_a_sender():
    assert Mailbox("", "a@Mall.TEST").domain == "mall.test"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a@b.test", True),
        ("a.b+c_d'e@shop.example.co", True),
        ("A@B.TEST", True),
        ("a@xn--caf-dma.test", True),
        (f"{'a' * 64}@b.test", True),
        (f"{'a' * 65}@b.test", False),
        (f"a@{'b.' * 130}test", False),
        ("a@b", False),
        ("a@b.1", False),
        ("a@-b.test", False),
        ("a@b.test\n", False),
        (".a@b.test", False),
        ("a.@b.test", False),
        ("a b@c.test", False),
        ("a@b@c.test", False),
    ],
)
def test_address(text: str, *, is_one: bool):
    assert is_address(text) == is_one


def test_id_of_a_mail_depends_on_event_and_person():
    first = message_id("event", "per_1", "mall.test")

    assert first == message_id("event", "per_1", "mall.test")
    assert first.startswith("<")
    assert first.endswith("@mall.test>")
    assert (
        len({first, message_id("event", "per_2", "mall.test"), message_id("e", "per_1", "m.t")})
        == 3
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" A  webhook\tof  Lumen ", "A webhook of Lumen"),
        ("A\r\nBcc: eve@evil.test", "A Bcc: eve@evil.test"),
        ("A\x00\x1b\u2028\u202eB", "A B"),
    ],
)
def test_one_line(text: str, line: str):
    assert one_line(text) == line
