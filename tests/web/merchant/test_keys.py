"""The merchant's keys on the page: made, shown once, rotated, revoked."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app import clock
from app.accounts import api_keys
from app.domain.api_key import KEY_FORM, Mode, Scope
from app.sites import queries as sites
from tests import merchants
from tests.factories import Mall
from tests.merchants import Merchant

pytestmark = pytest.mark.both_engines


@pytest.fixture
def mia(mall: Mall) -> Merchant:
    """Mia looks after the keys of Lumen's merchant."""
    return merchants.signed_in(mall, mall.store)


def form(**changes: object) -> dict[str, object]:
    usual = {"key_name": "Web shop", "mode": "live", "networks": ""}
    return usual | {"scopes": ["deliveries:read", "stores:read"]} | changes


def key_on(answer) -> str:
    found = KEY_FORM.search(answer.text)
    assert found is not None
    return found[0]


def found(mall: Mall, shown: str, **later: timedelta):
    with mall.reading():
        return api_keys.key_by_text(shown, now=clock.now() + later.get("after", timedelta()))


def test_key_is_shown_once_and_kept_as_a_hash(mall: Mall, mia: Merchant):
    shown = key_on(mia.post("keys", **form()))

    view = found(mall, shown)

    assert view is not None
    assert view.scopes == {Scope.DELIVERIES_READ, Scope.STORES_READ}
    listed = mia.get("keys").text
    assert shown not in listed
    assert shown[:20] in listed
    assert shown.rpartition("_")[2] not in kept(mall, view.id)


def kept(mall: Mall, key_id: str) -> str:
    with mall.reading():
        row = api_keys.own_key(key_id, mall.store.merchant_id)
        return " ".join(str(getattr(row, column.key)) for column in row.__table__.columns)


def test_test_key_sees_a_mall_of_its_own(mall: Mall, mia: Merchant):
    view = found(mall, key_on(mia.post("keys", **form(mode="test"))))

    assert view is not None
    assert view.mode is Mode.TEST
    assert view.acts_for_id != view.merchant_id
    with mall.reading():
        (twin,) = sites.stores_of_merchant(view.acts_for_id)
        site = sites.site(twin.site_id)
        assert site is not None
        assert site.is_test
        assert twin.id not in {store.id for store in sites.all_stores()}
        assert site.id not in {each.id for each in sites.all_sites()}


def test_second_test_key_shares_the_test_mall(mall: Mall, mia: Merchant):
    views = [found(mall, key_on(mia.post("keys", **form(mode="test")))) for _ in range(2)]

    assert views[0] is not None
    assert views[1] is not None
    assert views[0].acts_for_id == views[1].acts_for_id


def test_rotated_key_works_beside_its_successor_for_a_day(mall: Mall, mia: Merchant):
    old = key_on(mia.post("keys", **form()))
    view = found(mall, old)
    assert view is not None

    new = key_on(mia.post(f"keys/{view.id}/rotate"))

    successor = found(mall, new)
    assert successor is not None
    assert successor.scopes == view.scopes
    assert found(mall, old) is not None
    assert found(mall, old, after=timedelta(hours=24)) is None
    assert found(mall, new, after=timedelta(hours=24)) is not None
    assert mia.post(f"keys/{view.id}/rotate").status_code == 409


def test_revoked_key_ends_at_once(mall: Mall, mia: Merchant):
    shown = key_on(mia.post("keys", **form()))
    view = found(mall, shown)
    assert view is not None
    assert "Revoke" in mia.get(f"keys/{view.id}/revoke").text

    answer = mia.post(f"keys/{view.id}/revoke")

    assert answer.status_code == 303
    assert found(mall, shown) is None
    assert 'role="status"' in mia.get("keys?done=revoked").text


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"key_name": " "}, "key_name"),
        ({"mode": "both"}, "mode"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["deliveries:read", "fly"]}, "scopes"),
        ({"networks": "203.0.113.300"}, "networks"),
    ],
)
def test_wrong_form_is_explained_in_its_place(mia: Merchant, changes: dict, named: str):
    answer = mia.post("keys", **form(**changes))

    assert answer.status_code == 422
    place = "scopes" if named == "scopes" else f"KeyForm-{named}-error"
    assert "field-error" in answer.text
    assert place in answer.text
    assert re.search(r"mp_live_[a-z2-7]{12}_[a-z2-7]{32}", answer.text) is None


def test_number_of_keys_is_bounded(mia: Merchant):
    answers = [mia.post("keys", **form()).status_code for _ in range(21)]

    assert answers == [200] * 20 + [422]


def test_key_of_another_merchant_is_not_there(mall: Mall, mia: Merchant):
    other = merchants.a_key(mall, mall.other_store)

    assert mia.post(f"keys/{other.id}/rotate").status_code == 404
    assert mia.post(f"keys/{other.id}/revoke").status_code == 404


def test_person_without_merchant_has_no_page(mall: Mall, mia: Merchant):
    with mall.writing() as current:
        current.execute(
            text("DELETE FROM role_grant WHERE person_id = :person"), {"person": mia.person_id}
        )

    assert mia.get("keys").status_code == 404
