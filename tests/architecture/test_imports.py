"""The import rule: who may know whom. Every file under app/ is held to one row of a table."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CAPABILITIES = (
    "accounts|sites|deliveries|runs|blocks|handoffs|tracking|sync|notify|webhooks|promise|eventlog"
    "|demo"
)
WEB_FRAMEWORKS = "flask|flask_.*|werkzeug|socketio|engineio"


@dataclass(frozen=True, slots=True)
class Layer:
    """What modules whose path matches `files` may import; all three are whole-match patterns.

    Attributes:
        ours: Modules of this product, as `app.domain.run`; `SELF` is the file's own package.
        forbidden: Packages of others, by their top name. Empty means none is forbidden.
        standard_only: True when nothing but the standard library comes from outside.
    """

    name: str
    files: str
    ours: str
    forbidden: str = ""
    standard_only: bool = False


DOMAIN = r"app\.domain(\..*)?"
PERSISTENCE = r"app\.persistence(\..*)?"

#: The first row whose `files` match a path holds. Files in app/ itself are wiring: they may all.
LAYERS = (
    Layer("simulation", r"simulation/.*", ours=rf"SELF(\..*)?|{DOMAIN}", standard_only=True),
    Layer("domain", r"domain/.*", ours=DOMAIN, standard_only=True),
    Layer(
        "persistence",
        r"persistence/.*",
        ours=rf"{PERSISTENCE}|app\.(extensions|clock)",
        forbidden="flask|flask_.*|socketio",
    ),
    Layer(
        "models",
        rf"({CAPABILITIES}|jobs)/models\.py",
        ours=rf"{PERSISTENCE}|{DOMAIN}",
        forbidden=WEB_FRAMEWORKS,
    ),
    Layer(
        "capability",
        rf"({CAPABILITIES})/.*",
        ours=(
            rf"SELF(\..*)?|{DOMAIN}|{PERSISTENCE}|app\.jobs\.queue|app\.(keys|slow_calls)"
            rf"|app\.({CAPABILITIES})\.(?!models)[a-z_]+"
        ),
        forbidden=WEB_FRAMEWORKS,
    ),
    Layer(
        "jobs",
        r"jobs/.*",
        ours=(
            rf"SELF(\..*)?|{DOMAIN}|{PERSISTENCE}|app\.realtime\.publish|app\.[a-z_]+"
            rf"|app\.({CAPABILITIES})\.(?!models)[a-z_]+"
        ),
    ),
    Layer(
        "edge",
        r"(web|api|realtime)/.*|cli(_[a-z]+)?\.py",
        ours=(
            rf"SELF(\..*)?|{DOMAIN}|{PERSISTENCE}|app\.(web|api|realtime|jobs)(\.(?!models).*)?"
            rf"|app\.[a-z_]+|app\.({CAPABILITIES}|simulation)\.(?!models)[a-z_]+"
        ),
    ),
)
WIRING = re.compile(r"[a-z_]+\.py")


def layer_of(path: str) -> Layer | None:
    """Return the row for a path below app/, or None for wiring."""
    for layer in LAYERS:
        if re.fullmatch(layer.files, path):
            return layer
    assert WIRING.fullmatch(path), f"app/{path} belongs to no layer: name its package in LAYERS"
    return None


def imported_modules(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything imported, wherever in the file.

    `from app.runs import service` names the module app.runs.service, `from app.runs.models import
    Run` the module app.runs.models; which of the two it is shows in whether such a file exists.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for name in node.names:
                yield (
                    node.lineno,
                    f"{module}.{name.name}" if is_ours(f"{module}.{name.name}") else module,
                )


def is_ours(module: str) -> bool:
    """Whether a dotted name is a file or folder of this product."""
    path = ROOT.joinpath(*module.split("."))
    return module.startswith("app.") and (path.is_dir() or path.with_suffix(".py").is_file())


def refused_imports(path: str, source: str) -> list[str]:
    """Return a sentence for each import that the layer of `path` (below app/) may not make."""
    layer = layer_of(path)
    if layer is None:
        return []
    own_package = f"app.{path.removesuffix('.py').split('/')[0]}"
    ours = layer.ours.replace("SELF", re.escape(own_package))
    return [
        f"app/{path}:{line}: {layer.name} may not import {module}"
        for line, module in imported_modules(source)
        if not _is_allowed(layer, ours, module)
    ]


def _is_allowed(layer: Layer, ours: str, module: str) -> bool:
    top = module.split(".", maxsplit=1)[0]
    if top in {"app", ""}:
        return re.fullmatch(ours, module) is not None
    if layer.standard_only:
        return top in sys.stdlib_module_names
    return re.fullmatch(layer.forbidden, top) is None


def python_files() -> list[str]:
    app = ROOT / "app"
    return sorted(str(path.relative_to(app)) for path in app.rglob("*.py"))


@pytest.mark.parametrize("path", python_files())
def test_file_imports_only_what_its_layer_may(path: str):
    refused = refused_imports(path, (ROOT / "app" / path).read_text())

    assert not refused, "\n" + "\n".join(refused)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("domain/run.py", "import sqlalchemy"),
        ("domain/run.py", "from app.persistence import transaction"),
        ("simulation/day.py", "from app.runs import forming"),
        ("domain/run.py", "def later():\n    import flask"),
        ("persistence/engine.py", "from flask import g"),
        ("persistence/engine.py", "from app.sites import queries"),
        ("sites/models.py", "from app.sites import service"),
        ("sites/models.py", "from app.deliveries.models import Delivery"),
        ("deliveries/service.py", "from flask_login import current_user"),
        ("deliveries/service.py", "from app.sites.models import Store"),
        ("deliveries/service.py", "from app.sites import models"),
        ("deliveries/service.py", "from app import clock"),
        ("deliveries/service.py", "from app.realtime.publish import emit"),
        ("web/driver/routes.py", "from app.runs.models import Run"),
        ("web/driver/routes.py", "from app.runs import models"),
        ("cli_handoff.py", "from app.handoffs.models import Handoff"),
        ("jobs/handlers.py", "from app.runs.models import Run"),
        ("jobs/handlers.py", "from app.realtime.rooms import room"),
        ("sites/service.py", "from . import queries"),
    ],
)
def test_forbidden_import_is_refused(path: str, source: str):
    assert len(refused_imports(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("domain/run.py", "import dataclasses\nfrom app.domain.errors import DomainError"),
        ("persistence/engine.py", "from sqlalchemy import event\nfrom app.extensions import db"),
        ("deliveries/service.py", "from app.deliveries.models import Delivery"),
        (
            "deliveries/service.py",
            "from app.sites import queries\nfrom app.jobs.queue import enqueue",
        ),
        ("web/driver/routes.py", "from app import clock\nfrom app.runs import service"),
        ("jobs/handlers.py", "from app.realtime.publish import emit"),
        ("__init__.py", "from app.runs.models import Run"),
    ],
)
def test_allowed_import_passes(path: str, source: str):
    assert refused_imports(path, source) == []
