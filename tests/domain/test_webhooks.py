"""Signing webhooks, and how long we try."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from app.domain.webhooks import (
    OVERLAP,
    SECRET_BYTES,
    WAITS,
    is_taken,
    secret_text,
    signature,
    wait_after,
)

SECRET, OTHER = bytes(range(SECRET_BYTES)), bytes(SECRET_BYTES)
BODY = json.dumps({"type": "handoff.delivered", "data": {"n": "Zo\u00eb"}}).encode()


def headers(*secrets: bytes, body: bytes = BODY) -> dict[str, str]:
    now = int(datetime.now(UTC).timestamp())
    signed = signature(secrets, "msg_1", now, body)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(now), "webhook-signature": signed}


def test_official_library_verifies_what_we_sign():
    assert Webhook(secret_text(SECRET)).verify(BODY, headers(SECRET)) == json.loads(BODY)


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_both_secrets_verify_during_a_rotation(secret: bytes):
    assert Webhook(secret_text(secret)).verify(BODY, headers(SECRET, OTHER))


def test_official_library_refuses_what_was_changed():
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_text(SECRET)).verify(BODY + b" ", headers(SECRET))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_text(OTHER)).verify(BODY, headers(SECRET))


def test_secret_reads_as_the_standard_has_it():
    text = secret_text(SECRET)

    assert text.startswith("whsec_")
    assert base64.b64decode(text.removeprefix("whsec_")) == SECRET


def test_ten_tries_take_three_days_and_a_bit():
    assert len(WAITS) == 10
    assert sum(WAITS, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert timedelta(hours=24) == OVERLAP


@pytest.mark.parametrize(
    ("tries", "random", "wait"),
    [
        (1, 0.0, timedelta(seconds=5)),
        (1, 1.0, timedelta(seconds=4.5)),
        (9, 0.0, timedelta(hours=24)),
        (10, 0.0, None),
    ],
)
def test_waits_grow_and_end(tries: int, random: float, wait: timedelta | None):
    assert wait_after(tries, random) == wait


@pytest.mark.parametrize(
    ("status", "taken"), [(200, True), (204, True), (302, False), (410, False), (199, False)]
)
def test_only_a_good_answer_is_an_arrival(status: int, *, taken: bool):
    assert is_taken(status) is taken
