"""Where webhooks may go: the list of tricks from outside, and the honest addresses."""

import pytest

from app.domain.reachable import Target, may_reach, target_of

HIDDEN = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",  # noqa: S104 - Nothing binds to it.
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:a9fe:a9fe",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:53aa:64c:0:fffe:0:1",
    "localhost",
    "",
]
TRICKS = [
    *(f"https://[{each}]/" if ":" in each else f"https://{each}/" for each in HIDDEN[:-2]),
    "http://shop.example/",
    "https://shop.example:22/",
    "https://shop.example:80/",
    "https://user@shop.example/",
    "https://user:pass@shop.example/",
    "https://shop.example/#x",
    "https://shop.example\\@127.0.0.1/",
    "https://localhost./",
    "https://api.localhost/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://shop.example:99999/",
    "https://shop.example/a b",
    "https://shop.example/\r\nX-Evil: 1",
    "https://sh\u00f6p.example/",
    "https:///path",
    "file:///etc/passwd",
    "gopher://shop.example/",
    "ftp://shop.example/",
    "//shop.example/",
    "https://[::1",
    "",
    "https://shop.example/" + "x" * 500,
]


@pytest.mark.parametrize("address", HIDDEN)
def test_hidden_addresses_are_not_reached(address: str):
    assert not may_reach(address, allows_loopback=False)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111"])
def test_public_addresses_are_reached(address: str):
    assert may_reach(address, allows_loopback=False)


@pytest.mark.parametrize("url", TRICKS)
def test_tricks_lead_nowhere(url: str):
    assert target_of(url, allows_loopback=False) is None


@pytest.mark.parametrize(
    ("url", "target", "authority"),
    [
        ("https://shop.example", Target("https", "shop.example", 443, "/"), "shop.example"),
        (
            "https://Shop.Example.:8443/hook?a=1",
            Target("https", "shop.example", 8443, "/hook?a=1"),
            "shop.example:8443",
        ),
        ("https://93.184.216.34/x", Target("https", "93.184.216.34", 443, "/x"), "93.184.216.34"),
        (
            "https://[2606:4700::1111]/",
            Target("https", "2606:4700::1111", 443, "/"),
            "[2606:4700::1111]",
        ),
    ],
)
def test_honest_addresses_are_taken(url: str, target: Target, authority: str):
    assert target_of(url, allows_loopback=False) == target
    assert target.authority == authority


def test_for_development_this_machine_can_be_reached_and_nothing_else_more():
    assert target_of("http://127.0.0.1:9000/x", allows_loopback=True) == Target(
        "http", "127.0.0.1", 9000, "/x"
    )
    assert target_of("http://localhost:9000/", allows_loopback=True) is not None
    assert may_reach("::1", allows_loopback=True)
    for url in ("http://10.0.0.1/", "http://shop.example/", "https://169.254.169.254/"):
        assert target_of(url, allows_loopback=True) is None
