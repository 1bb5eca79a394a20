import re

import pytest

from app import keys
from app.accounts import queries as accounts
from app.sites import queries as sites
from tests import factories
from tests.factories import CARLS_CODE, Mall, command
from tests.office import Office, signs_in


def test_a_desk_is_added_and_named_in_the_answer(mall: Mall, marta: Office):
    response = marta.post(f"stores/{mall.store.store_id}/desks", desk_name="Pickup counter")

    page = marta.client.get(response.location).text
    assert response.status_code == 303
    assert "Pickup counter" in page
    assert "The desk was added." in page


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "two\nlines", "bell\ahere"])
def test_a_bad_desk_name_is_explained_in_place(mall: Mall, marta: Office, name: str):
    response = marta.post(f"stores/{mall.store.store_id}/desks", desk_name=name)

    assert response.status_code == 422
    assert "Enter a name on one line" in response.text
    assert 'aria-invalid="true"' in response.text


def test_enrolment_code_is_shown_to_scan_and_to_type(mall: Mall, marta: Office):
    page = marta.post(f"desks/{mall.store.desk_id}/enrolment").text

    code = re.search(r"([0-9A-Z]{5})-([0-9A-Z]{5})<", page)
    assert code is not None
    assert "<svg" in page
    assert "data-until=" in page
    key = keys.public_bytes(keys.new_private_key()).hex()
    body = command(code=code[1] + code[2], public_key=key)
    answer = mall.app.test_client().post("/desk/api/enrol", json=body)
    assert answer.status_code == 200
    assert "Tablet enrolled" in marta.get(f"stores/{mall.store.store_id}").text


@pytest.mark.usefixtures("carl_id")
def test_a_locked_desk_is_unlocked(mall: Mall, marta: Office):
    with mall.writing():
        desk = sites.desk(mall.store.desk_id)
        assert desk is not None
        desk.wrong_codes = 5
    assert "Locked after five wrong codes" in marta.get(f"stores/{mall.store.store_id}").text

    marta.post(f"desks/{mall.store.desk_id}/unlock")

    assert signs_in(mall, mall.store, CARLS_CODE)


def test_retiring_a_tablet_asks_first_and_signs_it_out(mall: Mall, marta: Office):
    with mall.writing():
        key = keys.public_bytes(keys.new_private_key())
        _, tablet = factories.a_tablet(mall.store.desk_id, key)
    address = f"desks/{mall.store.desk_id}/retire"

    asked = marta.get(address)
    with mall.reading():
        assert accounts.active_desk_device(mall.store.desk_id) is not None
    marta.post(address)

    assert "Retire the tablet" in asked.text
    with mall.reading():
        assert accounts.active_desk_device(mall.store.desk_id) is None
        assert not accounts.is_session_live(tablet.id)


def test_removing_a_desk_asks_first(mall: Mall, marta: Office):
    address = f"desks/{mall.store.desk_id}/remove"

    assert "Remove Main?" in marta.get(address).text
    marta.post(address)

    with mall.reading():
        assert sites.desk(mall.store.desk_id) is None
