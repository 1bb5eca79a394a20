"""`HTTPS=1` and `NETWORK=1`: their settings, and a certificate that a phone takes."""

import ssl
from pathlib import Path

import pytest

from app.config import Settings
from app.local_network import own_address, with_local_network


@pytest.mark.parametrize(
    ("given", "listen", "public"),
    [
        ({"HTTPS": "1"}, "127.0.0.1:8765", "https://127.0.0.1:8765"),
        ({"NETWORK": "1"}, "0.0.0.0:8765", "https://{own}:8765"),
        ({"NETWORK": "1", "MALL_LISTEN": "0.0.0.0:9000"}, "0.0.0.0:9000", "https://{own}:9000"),
        (
            {"HTTPS": "1", "MALL_PUBLIC_URL": "https://mall.example"},
            "127.0.0.1:8765",
            "https://mall.example",
        ),
    ],
)
def test_switches_become_settings_and_a_given_one_wins(
    tmp_path: Path, given: dict[str, str], listen: str, public: str
):
    settings = Settings.from_env(
        {
            name: value
            for name, value in with_local_network(
                given | {"MALL_INSTANCE_DIR": str(tmp_path)}
            ).items()
            if name.startswith("MALL_")
        }
    )

    assert f"{settings.listen_host}:{settings.listen_port}" == listen
    assert settings.public_url == public.format(own=own_address())
    assert settings.tls_certificate is not None


def test_without_a_switch_nothing_is_made(tmp_path: Path):
    given = {"MALL_INSTANCE_DIR": str(tmp_path)}

    assert with_local_network(given) == given
    assert list(tmp_path.iterdir()) == []


def test_certificate_is_kept_and_belongs_to_its_authority(tmp_path: Path):
    given = {"HTTPS": "1", "MALL_INSTANCE_DIR": str(tmp_path)}

    first, second = with_local_network(given), with_local_network(given)

    assert first == second
    context = ssl.create_default_context(cafile=first["MALL_TLS_CA"])
    context.load_cert_chain(first["MALL_TLS_CERTIFICATE"], first["MALL_TLS_KEY"])
    assert (Path(first["MALL_TLS_KEY"]).stat().st_mode & 0o077) == 0
