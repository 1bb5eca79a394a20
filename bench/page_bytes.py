"""Bytes of each page as Chromium really loads it, compressed, bodies only.

The map's library counts apart: it is fetched when the words are on the screen. Service workers are
kept out, because what they fetch for later does not delay the page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, Response

from bench.chromium import chromium
from bench.figures import Figure, say
from bench.stage import stages
from tests.promises import serving, showcase
from tests.promises.showcase import Showcase
from tests.promises.weights import is_map

KB = 1_000
SETTLE_MS = 2_500
LOAD_MS = 30_000


@dataclass(frozen=True, slots=True)
class _Part:
    """One loaded file."""

    kind: str
    size: int
    is_map: bool


@dataclass(frozen=True, slots=True)
class _Budget:
    """Which kinds of files one figure adds up, and how much they may be."""

    name: str
    kinds: frozenset[str]
    goal_kb: int | None = None


_PAINT = frozenset({"document", "stylesheet"})
_SCRIPT = frozenset({"script"})
_START = _PAINT | _SCRIPT
BUDGETS = {
    "tracking": (
        _Budget("bytes_tracking_first_paint", _PAINT, 14),
        _Budget("bytes_tracking_scripts", _SCRIPT, 30),
    ),
    "driver": (_Budget("bytes_driver_start", _START, 60),),
    "looking": (_Budget("bytes_driver_start_looking", _START, 60),),
    "clerk": (_Budget("bytes_clerk_start", _START),),
    "start": (_Budget("bytes_start_page", _START),),
    "console": (_Budget("bytes_console_login", _START),),
}


def measure() -> Iterator[Figure]:
    """Load every audience's page once."""
    with stages("sqlite") as make:
        prepared = make("pages")
        shown = showcase.add_showcase(prepared.app)
        environment = serving.environment(prepared.settings)
        with serving.running_server(environment) as server, chromium() as browser:
            for audience, budgets in BUDGETS.items():
                say(f"page_bytes: {audience}")
                path, cookie = _page(shown, audience)
                parts = _loaded(browser, f"{server.url}{path}", cookie)
                yield from (_figure(budget, parts) for budget in budgets)


def _page(shown: Showcase, audience: str) -> tuple[str, str]:
    """Return path and cookies of an audience's page."""
    return {
        "tracking": (shown.tracking_path, ""),
        "driver": ("/driver/", shown.cookies["driver"]),
        "looking": ("/driver/", shown.cookies["looking"]),
        "clerk": ("/desk/", shown.cookies["desk"]),
        "start": ("/", ""),
        "console": ("/console/login", ""),
    }[audience]


def _loaded(browser: Browser, url: str, cookie: str) -> list[_Part]:
    context = browser.new_context(service_workers="block")
    pairs = [pair.split("=", 1) for pair in cookie.split("; ") if pair]
    for name, value in pairs:
        context.add_cookies([{"name": name, "value": value, "url": url}])
    page = context.new_page()
    responses: list[Response] = []
    # A function of our own: Playwright marks the one it is given, and a built-in cannot be marked.
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108
    page.goto(url, wait_until="load", timeout=LOAD_MS)
    page.wait_for_timeout(SETTLE_MS)
    parts = [_part(response) for response in responses if response.ok]
    context.close()
    return parts


def _part(response: Response) -> _Part:
    kind = response.request.resource_type
    has_map = kind == "script" and is_map(response.text())
    return _Part(kind, response.request.sizes()["responseBodySize"], has_map)


def _figure(budget: _Budget, parts: Iterable[_Part]) -> Figure:
    size = sum(part.size for part in parts if part.kind in budget.kinds and not part.is_map)
    return Figure(
        name=budget.name,
        ours=f"{size / KB:.1f} kB",
        judged=size / KB,
        goal=budget.goal_kb,
        rule="at_most" if budget.goal_kb is not None else "report",
    )
