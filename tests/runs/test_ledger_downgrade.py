"""A step back to a schema without a ledger: what each run pays stays the same to the cent."""

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from app import clock
from app.persistence.transaction import session
from app.runs import queries as runs
from tests import factories, personas
from tests.journeys import collected
from tests.runs.test_ledger import in_charge

pytestmark = pytest.mark.both_engines

_SUMS = text("SELECT run_id, sum(amount_minor) FROM pay_line GROUP BY run_id ORDER BY run_id")


def sums(app: Flask) -> list[tuple[str, int]]:
    with app.app_context():
        found = [(run_id, int(total)) for run_id, total in session().execute(_SUMS)]
        session().rollback()
        return found


def test_sums_survive_the_way_back_and_forth(app: Flask):
    mall = factories.a_mall(app)
    dina, dan = personas.a_driver(mall, "Dina Diaz"), personas.a_driver(mall, "Dan Dow")
    carl = personas.a_clerk(mall, "Carl", mall.store)
    with clock.frozen(clock.now()):
        run_id = collected(dina, carl, {"tip_minor": 400}, {"tip_minor": 100})
        tipped = next(row for row in mall.deliveries_of(run_id) if row.tip_minor == 400)
        own = in_charge(mall, tipped.id, dan)
        before = sums(app)
        kinds = {line.kind for line in lines(mall, own)}

    with app.app_context():
        flask_migrate.downgrade(revision="0012_add_evidence_policy")
        assert sums(app) == before
        flask_migrate.upgrade()

    assert "floor" in kinds
    assert sums(app) == before
    assert sum(line.amount_minor for line in lines(mall, run_id) if line.kind == "tip") == 100


def lines(mall: factories.Mall, run_id: str) -> list[runs.PayLineRow]:
    with mall.reading():
        return runs.pay_lines([run_id])[run_id]
