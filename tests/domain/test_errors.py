import json
import string
from http import HTTPStatus

import pytest

from app.domain.errors import DomainError
from app.domain.problems import PARTS, PROBLEMS, as_json


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_says_what_happened_and_what_to_do(code: str):
    problem = PROBLEMS[code]

    assert code == code.lower()
    assert problem.status in set(HTTPStatus)
    assert problem.status >= 400
    assert problem.title
    assert not problem.title.endswith(".")
    assert problem.detail.endswith((".", "}"))
    assert problem.next_step.endswith((".", "}"))
    assert "!" not in problem.title + problem.detail + problem.next_step


@pytest.mark.parametrize("code", PROBLEMS)
def test_placeholders_are_plain_names(code: str):
    problem = PROBLEMS[code]
    for text in (problem.title, problem.detail, problem.next_step):
        names = [name for _text, name, spec, _ in string.Formatter().parse(text) if name or spec]
        assert all(name and name.isidentifier() for name in names)


def test_no_code_stands_in_two_parts():
    assert len(PROBLEMS) == sum(len(part) for part in PARTS)


def test_catalogue_for_phones_is_the_catalogue():
    catalogue = json.loads(as_json())

    assert list(catalogue) == sorted(PROBLEMS)
    assert catalogue["stale_code"]["on_device"]


def test_unknown_code_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        DomainError("no_such_code")


def test_error_carries_its_facts():
    error = DomainError("pin_wrong", tries_left=3)

    assert (error.code, error.facts) == ("pin_wrong", {"tries_left": 3})
    assert error.problem.keeps_effects
    assert str(error) == "pin_wrong {'tries_left': 3}"
