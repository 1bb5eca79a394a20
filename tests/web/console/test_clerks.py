import re

import pytest

from tests.factories import CARLS_CODE, Mall
from tests.office import Office, signs_in


def test_a_clerk_is_added_with_a_suggested_code(mall: Mall, marta: Office):
    address = f"stores/{mall.store.store_id}"
    suggested = re.search(r'name="code" type="text" value="(\d{6})"', marta.get(address).text)
    assert suggested is not None

    response = marta.post(f"{address}/clerks", first_name="Clara", code=suggested[1])

    assert f"{suggested[1][:3]} {suggested[1][3:]}" in response.text
    assert "Code for Clara" in response.text
    later = marta.get(address).text
    assert "Clara" in later
    assert suggested[1] not in later
    assert signs_in(mall, mall.store, suggested[1])


@pytest.mark.parametrize("code", ["12345", "1234567", "12a456", "", "१२३४५६"])
def test_a_bad_code_is_explained_in_place(mall: Mall, marta: Office, code: str):
    response = marta.post(f"stores/{mall.store.store_id}/clerks", first_name="Clara", code=code)

    assert response.status_code == 422
    assert "Enter six digits" in response.text
    assert 'value="Clara"' in response.text


@pytest.mark.usefixtures("carl_id")
def test_a_taken_code_is_explained_in_place(mall: Mall, marta: Office):
    address = f"stores/{mall.store.store_id}/clerks"

    response = marta.post(address, first_name="Clara", code=CARLS_CODE)

    assert response.status_code == 422
    assert "Another clerk of this store has the same code." in response.text


def test_changing_a_code_ends_the_old_one(mall: Mall, marta: Office, carl_id: str):
    response = marta.post(f"clerks/{carl_id}/code", code="731590")

    assert "Code for Carl" in response.text
    assert "731 590" in response.text
    assert signs_in(mall, mall.store, "731590")
    assert not signs_in(mall, mall.store, CARLS_CODE)


def test_a_bad_new_code_is_explained_in_place(mall: Mall, marta: Office, carl_id: str):
    response = marta.post(f"clerks/{carl_id}/code", code="7")

    assert response.status_code == 422
    assert "Enter six digits" in response.text
    assert signs_in(mall, mall.store, CARLS_CODE)


def test_removing_a_clerk_asks_first_and_signs_them_out(mall: Mall, marta: Office, carl_id: str):
    asked = marta.get(f"clerks/{carl_id}/remove").text

    marta.post(f"clerks/{carl_id}/remove")

    assert "Nobody else can sign in there then." in asked
    assert not signs_in(mall, mall.store, CARLS_CODE)
    assert marta.post(f"clerks/{carl_id}/remove").status_code == 404
