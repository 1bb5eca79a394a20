"""Lighthouse on the three apps and the start page: accessibility, best practices, SEO.

Its packages are an audit's, not the product's, and are large: they are installed beside it, pinned,
when this figure is first measured.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.chromium import ARGUMENTS, chromium_path
from bench.figures import Figure, clear, say
from bench.stage import stages
from tests.promises import serving, showcase
from tests.promises.showcase import Showcase

AUDIT = Path(__file__).parent / "audit"
LIMIT_S = 300
GOAL = 100
APPS = ("accessibility", "best-practices")


@dataclass(frozen=True, slots=True)
class _Visit:
    """A page, whose cookie goes along, and what is judged."""

    name: str
    path: str
    cookie: str
    categories: tuple[str, ...]


def measure() -> Iterator[Figure]:
    """Audit each page once."""
    _install()
    with stages("sqlite") as make:
        prepared = make("audit")
        shown = showcase.add_showcase(prepared.app, size=3)
        environment = serving.environment(prepared.settings)
        with serving.running_server(environment) as server:
            for visit in _visits(shown):
                say(f"lighthouse: {visit.name}")
                report = _audit(f"{server.url}{visit.path}", visit)
                for category in visit.categories:
                    yield _figure(visit, category, report)


def _visits(shown: Showcase) -> tuple[_Visit, ...]:
    cookies = shown.cookies
    return (
        _Visit("start", "/", "", (*APPS, "seo")),
        _Visit("driver_offers", "/driver/", cookies["looking"], APPS),
        _Visit("driver_run", "/driver/", cookies["driver"], APPS),
        _Visit("clerk", "/desk/", cookies["desk"], APPS),
        _Visit("tracking", shown.tracking_path, "", APPS),
    )


def _install() -> None:
    if (AUDIT / "node_modules" / ".bin" / "lighthouse").exists():
        return
    say("lighthouse: installing")
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, check=True, cwd=AUDIT, stdout=subprocess.DEVNULL)


def _audit(url: str, visit: _Visit) -> dict[str, Any]:
    flags = " ".join(("--headless=new", *ARGUMENTS))
    command = [
        "node_modules/.bin/lighthouse",
        url,
        "--quiet",
        "--output=json",
        f"--chrome-flags={flags}",
        f"--only-categories={','.join(visit.categories)}",
        *([f"--extra-headers={json.dumps({'Cookie': visit.cookie})}"] if visit.cookie else []),
    ]
    environment = {**os.environ, "CHROME_PATH": chromium_path()}
    done = subprocess.run(
        command,
        check=True,
        cwd=AUDIT,
        env=environment,
        timeout=LIMIT_S,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)


def _figure(visit: _Visit, category: str, report: dict[str, Any]) -> Figure:
    found = report["categories"][category]
    score = round(100 * (found["score"] or 0))
    if score < GOAL:
        _explain(visit, [each["id"] for each in found["auditRefs"] if each["weight"]], report)
    return Figure(
        name=f"lighthouse_{visit.name}_{category}",
        ours=str(score),
        judged=score,
        goal=GOAL,
        rule="at_least",
    )


def _explain(visit: _Visit, audit_ids: list[str], report: dict[str, Any]) -> None:
    """Say which audits failed, and where."""
    clear()
    for audit in (report["audits"][audit_id] for audit_id in audit_ids):
        if audit["score"] is not None and audit["score"] < 1:
            items = audit.get("details", {}).get("items", [])
            where = [item.get("node", {}).get("selector") or item for item in items[:3]]
            print(f"  {visit.name}: {audit['id']} {where}", file=sys.stderr)
