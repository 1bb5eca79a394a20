"""Settings: each described for the operator, none taken silently that is wrong."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from app.config import KNOWN, PREFIX, Settings, SettingsError
from app.keys import KeyFileError, load_keys

ROOT = Path(__file__).resolve().parents[2]
#: The folder for keys and photos need not exist to read the settings.
SOMEWHERE = {"MALL_INSTANCE_DIR": "/nonexistent/instance"}


def test_operators_page_lists_exactly_the_settings_there_are():
    page = (ROOT / "docs" / "operator.md").read_text()

    listed = set(re.findall(rf"{PREFIX}([A-Z_]+[A-Z])", page))

    assert listed == set(KNOWN)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_known_setting_is_read(name: str):
    source = (ROOT / "app" / "config.py").read_text()

    assert source.count(f'"{name}"') >= 2


def test_environment_is_read_in_one_place():
    readers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text())
    }

    assert readers <= {"app/config.py"}


def test_defaults_are_one_process_on_this_machine():
    settings = Settings.from_env(SOMEWHERE)

    assert settings.is_embedded
    assert (settings.listen_host, settings.public_url) == (
        "127.0.0.1",
        "http://127.0.0.1:8765",
    )
    assert settings.makes_master_key
    assert not settings.is_https


def test_loopback_has_two_names_and_both_may_open_sockets():
    settings = Settings.from_env(SOMEWHERE)

    assert settings.origins == ["http://127.0.0.1:8765", "http://localhost:8765"]


def test_public_origin_stands_alone():
    settings = Settings.from_env(SOMEWHERE | {"MALL_PUBLIC_URL": "https://mall.example/"})

    assert settings.origins == ["https://mall.example"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"MALL_COLOUR": "red"}, "unknown setting MALL_COLOUR"),
        ({"MALL_LISTEN": "8765"}, "127.0.0.1:8765"),
        ({"MALL_LISTEN": "127.0.0.1:99999"}, "MALL_LISTEN"),
        ({"MALL_PUBLIC_URL": "mall.example"}, "MALL_PUBLIC_URL"),
        ({"MALL_PUBLIC_URL": "https://mall.example/shop"}, "MALL_PUBLIC_URL"),
        ({"MALL_PUBLIC_URL": "ftp://mall.example"}, "MALL_PUBLIC_URL"),
        ({"MALL_PROXY_COUNT": "one"}, "whole number"),
        ({"MALL_ROAD_TIMES": "http://osrm:5000"}, "must look like"),
        ({"MALL_ROAD_TIMES": "osrm+file:///etc"}, "must look like"),
        ({"MALL_RATE_LIMIT_SCALE": "-1"}, "whole number"),
        ({"MALL_PROMISE_CACHE_S": "21"}, "20 at most"),
        ({"MALL_SMTP_URL": "smtp://mail.test"}, "belong together"),
        ({"MALL_MAIL_FROM": "a@mall.test"}, "belong together"),
        ({"MALL_SMTP_URL": "mail.test", "MALL_MAIL_FROM": "a@mall.test"}, "smtp://user:password"),
        ({"MALL_SMTP_URL": "smtp://mail.test", "MALL_MAIL_FROM": "Ada"}, "no-reply@mall.example"),
        ({"MALL_TLS_CERTIFICATE": "a.pem"}, "belong together"),
        ({"MALL_TLS_KEY": "a.key"}, "belong together"),
        ({"MALL_DATABASE_URL": "postgresql://db/mallrun"}, "MALL_MASTER_KEY_FILE"),
    ],
)
def test_wrong_setting_stops_the_start_and_says_why(given: dict[str, str], said: str):
    with pytest.raises(SettingsError, match=re.escape(said)):
        Settings.from_env(SOMEWHERE | given)


def test_refused_mail_server_is_not_repeated():
    """Its address holds a password, and a refusal ends in logs."""
    given = {"MALL_SMTP_URL": "smtp://ada:s3cret@mail.test/x", "MALL_MAIL_FROM": "a@mall.test"}

    with pytest.raises(SettingsError) as refused:
        Settings.from_env(SOMEWHERE | given)

    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_usual_postgres_urls_are_understood(scheme: str):
    settings = Settings.from_env(
        SOMEWHERE
        | {"MALL_DATABASE_URL": f"{scheme}://db/mallrun", "MALL_MASTER_KEY_FILE": "/keys/master"}
    )

    assert settings.database_url == "postgresql+psycopg://db/mallrun"
    assert not settings.makes_master_key


def test_settings_cannot_be_changed_afterwards():
    settings = Settings.from_env(SOMEWHERE)

    for field in fields(settings):
        with pytest.raises(AttributeError):
            setattr(settings, field.name, None)


class TestMasterKey:
    def test_first_start_makes_a_key_for_its_owner_only(self, tmp_path: Path):
        path = tmp_path / "keys" / "master.key"

        first = load_keys(path, make_missing=True)

        assert path.stat().st_mode & 0o777 == 0o600
        assert load_keys(path, make_missing=False).master == first.master

    def test_shared_key_is_never_made(self, tmp_path: Path):
        with pytest.raises(KeyFileError, match="missing"):
            load_keys(tmp_path / "master.key", make_missing=False)

    def test_short_key_is_refused(self, tmp_path: Path):
        path = tmp_path / "master.key"
        path.write_bytes(b"short")
        path.chmod(0o600)

        with pytest.raises(KeyFileError, match="at least 32"):
            load_keys(path, make_missing=True)

    def test_key_that_others_can_read_is_refused(self, tmp_path: Path):
        path = tmp_path / "master.key"
        path.write_bytes(bytes(32))
        path.chmod(0o640)

        with pytest.raises(KeyFileError, match="chmod 600"):
            load_keys(path, make_missing=True)

    def test_purposes_share_no_bytes(self, tmp_path: Path):
        keys = load_keys(tmp_path / "master.key", make_missing=True)

        derived = {keys.derive(purpose) for purpose in ("tracking", "pin", "label", "flask")}

        assert len(derived) == 4
