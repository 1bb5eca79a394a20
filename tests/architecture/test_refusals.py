"""Every refusal in the code is in the catalogue and brings the facts that its words need."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.problems import PROBLEMS

ROOT = Path(__file__).resolve().parents[2]


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Yield place, code and names of facts of every refusal that is written out."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DomainError":
                for code in codes_in(node.args[0]):
                    facts = {keyword.arg or "*" for keyword in node.keywords}
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", code, facts


def sources() -> Iterator[str]:
    """Yield the text of everything that may refuse: the product and its front end."""
    files = [*(ROOT / "app").rglob("*.py"), *(ROOT / "frontend").rglob("*.ts*")]
    for path in files:
        if path.name != "errors.py" and ".test." not in path.name and "generated" not in path.parts:
            yield path.read_text()


def codes_in(argument: ast.expr) -> list[str]:
    """Return the codes that an argument can be; none for a variable."""
    nodes = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return [str(node.value) for node in nodes if isinstance(node, ast.Constant)]


def needed(code: str) -> set[str]:
    """Return the placeholders in a problem's words."""
    problem = PROBLEMS[code]
    words = problem.title + problem.detail + problem.next_step
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(words) if name}


@pytest.mark.parametrize(("place", "code", "facts"), list(raised()))
def test_refusal_is_in_the_catalogue_and_brings_its_facts(place: str, code: str, facts: set[str]):
    assert code in PROBLEMS, place
    assert needed(code) <= facts or "*" in facts, place


def test_every_problem_of_the_catalogue_can_happen():
    """A code that nothing answers promises a refusal that is not there."""
    written = "\n".join(sources())

    assert [code for code in PROBLEMS if f'"{code}"' not in written] == []
