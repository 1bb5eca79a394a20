"""The store alone says that it gave parcels: a dispatcher asks, and notes the answer."""

import os
from types import SimpleNamespace

import pytest

from app import clock
from app.handoffs.asking import ask_unconfirmed
from tests.conflicts import decide
from tests.devices import released, tablet_of
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.office import Office
from tests.personas import Clerk, Driver
from tests.scenes import open_kinds

pytestmark = pytest.mark.both_engines

WHY = "Dan read the label out on the phone"


class TestStoreAlone:
    @pytest.fixture
    def asked(self, mall: Mall, dina: Driver, carl: Clerk) -> SimpleNamespace:
        (row,) = mall.deliveries_of(claimed(dina))
        tablet_of(carl).results(released(tablet_of(carl), [os.urandom(8)], handles_of([row])))
        with mall.writing():
            ask_unconfirmed(row.id, now=clock.now())
        return SimpleNamespace(id=row.id, mall=mall)

    def test_driver_has_them(
        self, mall: Mall, asked: SimpleNamespace, dina: Driver, desmond: Office
    ):
        decide(desmond, asked, "rule", choice=f"has:{dina.person_id}", reason=WHY)

        assert mall.holders(asked.id) == {("driver", dina.person_id)}
        assert dina.state()["incidents"] == []
        assert "Nobody has stated the collection yet" in desmond.get(f"deliveries/{asked.id}").text

    def test_driver_does_not_have_them(
        self, mall: Mall, asked: SimpleNamespace, dina: Driver, desmond: Office
    ):
        decide(desmond, asked, "rule", choice=f"has_not:{dina.person_id}", reason=WHY)

        assert mall.holders(asked.id) == {("store", mall.store.store_id)}
        assert open_kinds(mall, asked.id) == {}
