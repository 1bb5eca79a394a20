"""The people at the console: a store's manager in the morning, the dispatcher in the evening."""

import re

from scripts.pictures.cast import Cast


def see_store(cast: Cast) -> None:
    """Let the manager look at the store, and make a code for a tablet."""
    page = cast.office
    cast.sign_in(page, "/console/", "Manager")
    page.get_by_role("heading", name="Stores").wait_for()
    cast.take(page, "console-stores", is_long=True)
    page.get_by_role("link", name=cast.store).first.click()
    page.get_by_role("heading", name="Desks").wait_for()
    cast.take(page, "console-store", is_long=True)
    page.get_by_role("button", name=re.compile("enrolment code")).first.click()
    cast.take(page, "console-enrolment")


def see_day(cast: Cast) -> None:
    """Let the dispatcher look at the day."""
    page = cast.office
    page.context.clear_cookies()
    cast.sign_in(page, "/console/today", "Dispatcher")
    page.get_by_role("heading", name="Today").wait_for()
    cast.take(page, "console-today", is_long=True)
    # By its address: a place's name is a link, or the heading of its day where it has all the work.
    page.goto(page.locator('a[href^="/console/today/"]').first.get_attribute("href") or "")
    page.get_by_role("link", name="Today at all places").wait_for()
    cast.take(page, "console-place-day", is_long=True)
