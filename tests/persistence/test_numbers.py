"""Numbers in tokens: 32 bits, and each once."""

import secrets

import pytest

from app.persistence.numbers import free_number
from app.sites import queries
from app.sites.models import Store
from tests.factories import Mall

pytestmark = pytest.mark.both_engines


def test_number_fits_32_bits_and_is_never_none(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    for drawn, number in ((lambda _bound: 0, 1), (lambda bound: bound - 1, 2**32 - 1)):
        monkeypatch.setattr(secrets, "randbelow", drawn)

        with mall.app.app_context():
            assert free_number(Store.number) == number


def test_number_that_a_row_has_is_drawn_again(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    with mall.app.app_context():
        store = queries.store(mall.store.store_id)
        assert store is not None
        drawn = iter([store.number - 1, store.number - 1, 76])
        monkeypatch.setattr(secrets, "randbelow", lambda _bound: next(drawn))

        assert free_number(Store.number) == 77
