"""The served description: valid, complete, and true for thousands of generated requests."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.api.v1.operation import OPERATIONS
from app.domain.foreign_status import FOREIGN
from app.domain.problems import PROBLEMS
from tests import merchants
from tests.api.conftest import ordered
from tests.api.ordering import DOOR
from tests.factories import Mall
from tests.merchants import Program

#: Of each kind, right and wrong, for each operation.
CASES = 40
CASES_LEAST = 2_000
#: A name that nobody can have (RFC 2606).
UNUSED = "https://shop.invalid/hook"


@pytest.fixture
def described(mall: Mall) -> dict[str, Any]:
    return mall.app.test_client().get("/api/v1/openapi.json").get_json()


def test_description_is_valid(described: dict[str, Any]):
    OpenAPIV31SpecValidator(described).validate()


def test_description_has_every_address_of_the_api(mall: Mall, described: dict[str, Any]):
    served = {
        rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}")
        for rule in mall.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
    }

    assert set(described["paths"]) == served


def test_words_of_others_are_described_one_by_one(described: dict[str, Any]):
    fields = described["components"]["schemas"]["DeliveryOut"]["properties"]

    for service, words in (
        ("shopify", {each.shopify for each in FOREIGN.values()}),
        ("uber_direct", {each.uber_direct for each in FOREIGN.values()}),
        ("doordash_drive", {each.doordash_drive for each in FOREIGN.values()}),
    ):
        assert set(fields[f"{service}_status"]["enum"]) == words


def test_every_code_is_in_the_catalogue():
    assert {code for each in OPERATIONS for code in each.codes} <= set(PROBLEMS)


def test_command_prints_the_served_description(mall: Mall, described: dict[str, Any]):
    printed = mall.app.test_cli_runner().invoke(args=["openapi"])

    assert json.loads(printed.output) == described


def test_page_for_people_shows_every_operation_and_asks_nobody_else(mall: Mall):
    page = mall.app.test_client().get("/api/v1/docs", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert all(f'id="{each.name}"' in page.text for each in OPERATIONS)
    assert 'src="http' not in page.text
    assert "<script" not in page.text


@pytest.fixture
def known(mall: Mall, trial: Program) -> dict[str, str]:
    """Ids of things that are there, so that requests reach beyond the first refusal."""
    merchants.without_network(mall)
    quote = trial.post("quotes", {"store_id": trial.store_id, "dropoff": DOOR}).get_json()
    return {
        "delivery_id": ordered(trial)["id"],
        "store_id": trial.store_id,
        "quote_id": quote["id"],
        "endpoint_id": trial.post("webhooks", {"url": UNUSED}).get_json()["id"],
    }


def operations(app: Flask) -> Iterator[Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


@pytest.mark.slow
def test_thousands_of_requests_are_answered_as_described(
    mall: Mall, trial: Program, known: dict[str, str]
):
    sent: Counter[str] = Counter()
    for operation in operations(mall.app):
        # What takes nothing cannot be given anything wrong.
        takes = {"parameters", "requestBody"} & set(operation.definition.raw)
        for mode in (GenerationMode.POSITIVE, *((GenerationMode.NEGATIVE,) if takes else ())):
            ask_often(operation, mode, known=known, trial=trial, sent=sent)

    assert sum(sent.values()) >= CASES_LEAST, sent


def ask_often(
    operation: Any,
    mode: GenerationMode,
    *,
    known: dict[str, str],
    trial: Program,
    sent: Counter[str],
) -> None:
    """Send requests that fit the description, or do not, and check every answer.

    A rule may still refuse what the description allows: a window gone by, a door too far.
    """

    @settings(
        max_examples=CASES,
        derandomize=True,
        database=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.filter_too_much,
            HealthCheck.data_too_large,
        ],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and sent[mode.value] % 3:
            for name in set(case.path_parameters or ()) & set(known):
                case.path_parameters[name] = known[name]
        sent[mode.value] += 1
        # Without a network nobody unpacks.
        headers = {"Authorization": f"Bearer {trial.text}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    ask()
