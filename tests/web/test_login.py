"""Signing in with a password, and what a cookie is worth before, after and elsewhere."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock, keys
from app.accounts import people, sessions
from app.web import seen
from tests import factories
from tests.factories import Mall
from tests.personas import Driver, show_cookie

pytestmark = pytest.mark.both_engines

PASSWORD = "correct horse battery"
#: Hashing takes tens of milliseconds on purpose: once is enough.
HASH = keys.hash_password(PASSWORD)


@pytest.fixture
def login(mall: Mall) -> str:
    """The e-mail address of a driver with a password."""
    with mall.writing():
        person_id = factories.a_driver("Dora Day", password_hash=HASH)
        return people.require_person(person_id).email or ""


@pytest.fixture
def visitor(mall: Mall) -> FlaskClient:
    return mall.app.test_client()


def sign_in(visitor: FlaskClient, login: str, password: str = PASSWORD, **fields: str):
    return visitor.post("/driver/login", data={"login": login, "password": password, **fields})


def cookie_of(visitor: FlaskClient) -> str | None:
    cookie = visitor.get_cookie("mallrun_driver", path="/driver")
    return cookie.value if cookie is not None else None


def is_in(visitor: FlaskClient) -> bool:
    return visitor.get("/driver/api/state").status_code == 200


def test_right_password_opens_the_app(visitor: FlaskClient, login: str):
    answer = sign_in(visitor, f" {login.upper()} ")

    assert (answer.status_code, answer.location) == (303, "/driver/")
    assert is_in(visitor)


def test_language_of_the_sign_in_is_that_of_mails(mall: Mall, visitor: FlaskClient, login: str):
    for language in ("es", "en"):
        data = {"login": login, "password": PASSWORD}
        visitor.post(f"/driver/login?lang={language}", data=data)
        with mall.reading():
            assert people.require_person(factories.person_by_login(login)).language == language


@pytest.mark.parametrize(
    ("name", "password"), [("", PASSWORD), ("nobody@mallrun.test", PASSWORD), (None, "wrong")]
)
def test_wrong_pair_is_refused_in_the_same_words(
    visitor: FlaskClient, login: str, name: str | None, password: str
):
    answer = sign_in(visitor, login if name is None else name, password)

    assert answer.status_code == 401
    assert "do not belong together" in answer.text
    assert cookie_of(visitor) is None


def test_person_without_the_role_is_refused_in_the_same_words(mall: Mall, visitor: FlaskClient):
    with mall.writing():
        person_id = factories.a_person("Mia", ("manager", ""), password_hash=HASH)
        email = people.require_person(person_id).email or ""

    answer = sign_in(visitor, email)

    assert answer.status_code == 401
    assert "do not belong together" in answer.text


def test_person_without_a_password_cannot_sign_in(mall: Mall, visitor: FlaskClient):
    with mall.writing():
        email = people.require_person(factories.a_driver("New")).email or ""

    assert sign_in(visitor, email, "").status_code == 401


def test_disabled_person_cannot_sign_in_nor_go_on(mall: Mall, visitor: FlaskClient, login: str):
    sign_in(visitor, login)
    with mall.writing():
        found = factories.person_by_login(login)
        people.disable_person(found, now=clock.now())

    assert not is_in(visitor)
    assert sign_in(visitor, login).status_code == 401


def test_cookie_copied_before_logout_is_dead_after_it(mall: Mall, visitor: FlaskClient, login: str):
    sign_in(visitor, login)
    thief = mall.app.test_client()
    show_cookie(thief, "driver", cookie_of(visitor) or "")
    before = is_in(thief)

    assert visitor.post("/driver/api/logout").status_code == 204
    assert (before, is_in(thief), is_in(visitor)) == (True, False, False)


def test_logout_clears_the_cookie_and_the_cache(visitor: FlaskClient, login: str):
    sign_in(visitor, login)

    answer = visitor.post("/driver/api/logout")

    assert cookie_of(visitor) is None
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_cookie_planted_before_the_login_is_worth_nothing(
    mall: Mall, visitor: FlaskClient, login: str
):
    show_cookie(visitor, "driver", "planted")
    sign_in(visitor, login)
    attacker = mall.app.test_client()
    show_cookie(attacker, "driver", "planted")

    assert cookie_of(visitor) != "planted"
    assert (is_in(visitor), is_in(attacker)) == (True, False)


def test_live_session_of_somebody_else_is_not_taken_over(
    visitor: FlaskClient, login: str, dina: Driver
):
    show_cookie(visitor, "driver", dina.token)

    # The form sends signed-in people on; a posted password opens a session of its own.
    sign_in(visitor, login)

    assert cookie_of(visitor) != dina.token
    assert visitor.get("/driver/api/state").get_json()["me"]["id"] != dina.person_id


@pytest.mark.parametrize("audience", ["console", "desk", "clerk"])
def test_drivers_token_opens_nothing_else(mall: Mall, dina: Driver, audience: str):
    visitor = mall.app.test_client()
    show_cookie(visitor, audience, dina.token)

    answers = [visitor.get(path) for path in ("/console/", "/desk/api/state", "/driver/api/state")]

    assert all(answer.status_code in {302, 401} for answer in answers)


def test_cookie_is_for_its_own_pages_and_not_for_scripts(visitor: FlaskClient, login: str):
    header = sign_in(visitor, login).headers["Set-Cookie"]

    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/driver" in header


def test_session_ends_after_twelve_idle_hours(visitor: FlaskClient, login: str):
    sign_in(visitor, login)
    start = clock.now()

    with clock.frozen(start + timedelta(hours=11)):
        assert is_in(visitor)
    with clock.frozen(start + timedelta(hours=22)):
        assert is_in(visitor)
    with clock.frozen(start + timedelta(hours=35)):
        assert not is_in(visitor)


def test_use_is_remembered_over_a_restart(mall: Mall, visitor: FlaskClient, login: str):
    sign_in(visitor, login)
    start = clock.now()
    with clock.frozen(start + timedelta(hours=11)):
        is_in(visitor)
    with mall.app.app_context():
        seen.flush()

    with clock.frozen(start + timedelta(hours=22)):
        assert is_in(visitor)


def test_session_ends_after_a_week_in_any_case(visitor: FlaskClient, login: str):
    sign_in(visitor, login)
    start = clock.now()
    for hours in range(10, 7 * 24, 10):
        with clock.frozen(start + timedelta(hours=hours)):
            assert is_in(visitor)

    with clock.frozen(start + timedelta(days=7, minutes=1)):
        assert not is_in(visitor)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/driver/\\evil.example",
        "/driver//../../console/",
        "javascript:alert(1)",
        "/console/",
        "\\\\evil.example",
        "/driver/\r\nX: 1",
    ],
)
def test_login_leads_nowhere_else(visitor: FlaskClient, login: str, wanted: str):
    location = sign_in(visitor, login, next=wanted).location

    assert location.startswith("/driver/")
    assert "\n" not in location
    assert "evil" not in location


def test_login_leads_where_it_was_asked(visitor: FlaskClient, login: str):
    assert sign_in(visitor, login, next="/driver/?tab=pay").location == "/driver/?tab=pay"


def test_old_one_time_link_stops_with_the_next(mall: Mall):
    with mall.writing():
        person_id = factories.a_driver("New")
        old = sessions.make_sign_in_link(person_id, now=clock.now())
        new = sessions.make_sign_in_link(person_id, now=clock.now())

    with mall.reading():
        assert sessions.link_person(old, now=clock.now()) is None
        assert sessions.link_person(new, now=clock.now()) == person_id
        tomorrow = clock.now() + timedelta(hours=25)
        assert sessions.link_person(new, now=tomorrow) is None
