"""What every answer carries, and requests that other sites send with somebody's cookies."""

import pytest
from flask.testing import FlaskClient

from app.config import Settings
from tests import databases
from tests.factories import Mall, command
from tests.personas import Clerk, Driver, code_of

PAGES = ["/", "/driver/", "/driver/login", "/desk/", "/console/login", "/healthz", "/nowhere"]


@pytest.mark.parametrize("path", [*PAGES, "/driver/api/state", "/desk/api/state", "/t/x/state"])
def test_every_answer_carries_the_guards(client: FlaskClient, path: str):
    headers = client.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES[1:])
def test_only_the_start_page_is_for_search_engines(client: FlaskClient, path: str):
    assert client.get(path).headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/").headers


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_not_kept(client: FlaskClient, path: str):
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_state_is_asked_for_each_time(dina: Driver):
    answer = dina.client.get("/driver/api/state")

    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = dina.client.get("/driver/api/state", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_changed_state_has_another_tag(mall: Mall, dina: Driver):
    before = dina.client.get("/driver/api/state").headers["ETag"]
    mall.offers()

    again = dina.client.get("/driver/api/state", headers={"If-None-Match": before})

    assert again.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://evil-localhost"},
        {"Origin": "http://localhost:8765"},
        {"Origin": "https://localhost"},
        {"Origin": "HTTP://LOCALHOST/"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "nonsense"},
    ],
)
def test_other_site_changes_nothing(mall: Mall, dina: Driver, headers: dict[str, str]):
    run_id = mall.offers()

    refused = dina.client.post(f"/driver/api/runs/{run_id}/claim", json=command(), headers=headers)

    assert (refused.status_code, code_of(refused)) == (403, "cross_site")
    assert mall.run(run_id).status == "offered"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ],
)
def test_own_pages_get_through(mall: Mall, dina: Driver, headers: dict[str, str]):
    path = f"/driver/api/runs/{mall.offers()}/claim"

    assert dina.client.post(path, json=command(), headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/driver/login",
        "/console/login",
        "/desk/api/enrol",
        "/desk/api/sign-in",
        "/t/x/instructions",
    ],
)
def test_other_site_cannot_sign_anybody_in(client: FlaskClient, path: str):
    refused = client.post(path, headers={"Origin": "https://evil.example"})

    assert refused.status_code == 403


def test_reading_from_elsewhere_is_allowed_but_shares_nothing(dina: Driver):
    answer = dina.client.get("/driver/api/state", headers={"Origin": "https://evil.example"})

    assert "Access-Control-Allow-Origin" not in answer.headers


def test_preflight_of_another_site_gets_no_permission(dina: Driver):
    answer = dina.client.options(
        "/driver/api/duty",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )

    assert not [name for name, _value in answer.headers if name.startswith("Access-Control")]


def test_unknown_address_is_a_problem_for_programs_and_a_page_for_people(client: FlaskClient):
    as_json = client.get("/driver/api/nowhere")
    as_page = client.get("/nowhere", headers={"Accept": "text/html"})

    assert as_json.mimetype == "application/problem+json"
    assert (as_page.status_code, as_page.mimetype) == (404, "text/html")


def test_failure_of_ours_tells_nothing_of_the_inside(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.web.health.sqlite_warning", lambda: 1 / 0)

    answer = client.get("/healthz", headers={"Accept": "application/json"})

    assert (answer.status_code, code_of(answer)) == (500, "server_error")
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize("path", ["/?mall=%00", "/driver/%00", "/desk/api/places?q=%00"])
def test_nul_in_an_address_is_refused(carl: Clerk, path: str):
    assert code_of(carl.client.get(path)) == "bad_request"


@pytest.mark.both_engines
@pytest.mark.parametrize("path", ["/driver/login", "/console/login"])
@pytest.mark.parametrize("login", ["a\0b", "\N{WRAPPED PRESENT}", "x" * 10_000, "' or 1=1 --"])
def test_hostile_login_is_no_error_of_ours(dina: Driver, path: str, login: str):
    client = dina.mall.app.test_client()

    answer = client.post(path, data={"login": login, "password": login})

    assert answer.status_code in {400, 401}


class TestOverHttps:
    @pytest.fixture
    def settings(self, engine_url: str, tmp_path) -> Settings:
        return databases.settings_for(
            engine_url, tmp_path, PUBLIC_URL="https://mall.example", PROXY_COUNT="1"
        )

    def test_browsers_are_told_to_stay_on_https(self, client: FlaskClient):
        assert "max-age" in client.get("/").headers["Strict-Transport-Security"]

    def test_plain_origin_is_another_site(self, client: FlaskClient):
        proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "mall.example"}

        answers = [
            client.post("/driver/login", headers={**proxied, "Origin": origin})
            for origin in ("https://mall.example", "http://mall.example")
        ]

        assert [answer.status_code for answer in answers] == [401, 403]

    def test_sockets_are_allowed_to_this_host_only(self, client: FlaskClient):
        assert " wss://mall.example;" in client.get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/console/stores/%0aX", "/console/stores/%0d%0aX:%20y"])
def test_line_break_in_an_address_ends_no_header(client: FlaskClient, path: str):
    answer = client.get(path, headers={"Accept": "text/html"})

    assert answer.status_code == 302
    assert "%0A" in answer.location.upper()


@pytest.mark.parametrize("path", ["/static/../app/config.py", "/static/%2e%2e/wsgi.py"])
def test_static_files_end_at_their_folder(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404
