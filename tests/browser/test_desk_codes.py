"""Wrong clerk codes without signal: they count on the tablet, and later on the server."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from tests import factories
from tests.browser.counters import Counter, a_counter, open_counter
from tests.browser.hands import OpensBrowser, see_problem, sign_in
from tests.factories import CARLS_CODE
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> Counter:
    return a_counter(app)


def test_five_wrong_codes_lock_until_a_manager_unlocks_the_desk(
    stage: Counter,
    tablet_context: BrowserContext,
    opens: OpensBrowser,
    server: Server,
):
    counter, manager = stage, opens()
    store = counter.scene.mall.store
    with counter.scene.mall.writing():
        person = factories.a_person("Marta Mann", ("manager", store.store_id))
        token = factories.a_session("console", person_id=person).token
    sign_in(manager, server.url, console=token)
    tablet = open_counter(tablet_context, counter)
    tablet_context.set_offline(True)
    tablet.get_by_role("button", name="Lock").click()

    for wrong in range(4):
        tablet.get_by_text("Enter your code").wait_for()
        tablet.keyboard.type(f"00000{wrong}")
        see_problem(tablet, "clerk_code_unknown_here")
        expect(tablet.get_by_text(f"Tries left on this tablet: {4 - wrong}")).to_be_visible()
        tablet.reload()
    tablet.get_by_text("Enter your code").wait_for()
    tablet.keyboard.type("000009")
    see_problem(tablet, "desk_locked_here")
    tablet.reload()
    see_problem(tablet, "desk_locked_here")
    expect(tablet.get_by_text("Enter your code")).to_have_count(0)

    tablet_context.set_offline(False)
    see_problem(tablet, "desk_locked")
    path = f"/console/desks/{store.desk_id}/unlock"
    answer = manager.request.post(path, headers={"Origin": server.url}, max_redirects=0)
    assert answer.status == 303, answer.text()
    tablet.get_by_text("Enter your code").wait_for()
    tablet.keyboard.type(CARLS_CODE)
    expect(tablet.get_by_role("heading", name="Who is coming")).to_be_visible()
