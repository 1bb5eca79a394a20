import pytest

from app.domain.push import ADDRESS_MAX, LIFE_S, PushKind, is_service, origin_of


@pytest.mark.parametrize(
    "address",
    [
        "https://fcm.googleapis.com/fcm/send/dR3-x:APA91b",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com/QGuQyavXutnMg",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAB",
    ],
)
def test_browsers_own_services_are_known(address: str):
    assert is_service(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://fcm.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com.example.net/x",
        "https://example.net/fcm.googleapis.com",
        "https://evilpush.apple.com.example/x",
        "https://notify.windows.com.evil.example/x",
        "https://user@fcm.googleapis.com/x",
        "https://evil@web.push.apple.com/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1/x",
        "https://fcm.googleapis.com/" + "x" * ADDRESS_MAX,
        "",
    ],
)
def test_nothing_else_is(address: str):
    assert not is_service(address)


def test_signature_names_scheme_host_and_port():
    assert origin_of("https://web.push.apple.com:8443/a/b?c") == "https://web.push.apple.com:8443"


def test_every_message_is_news_for_some_time():
    assert set(LIFE_S) == set(PushKind)
    assert all(seconds > 0 for seconds in LIFE_S.values())
