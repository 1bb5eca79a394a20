"""The way through the product that the pictures follow: what each of the people clicks."""

from typing import Final

from scripts.pictures import customer, desk, driver, office
from scripts.pictures.cast import Cast

STOPS_MAX: Final = 30


def play(cast: Cast) -> None:
    """Go the whole way, from the start page to the dispatcher's day."""
    _see_start(cast)
    desk.open_tablet(cast)
    desk.place_delivery(cast)
    office.see_store(cast)
    driver.begin_duty(cast)
    customer.see_page(cast, "customer-placed")
    driver.claim(cast)
    customer.see_page(cast, "customer-claimed")
    for _ in range(STOPS_MAX):
        if not driver.next_stop(cast):
            break
    driver.see_earnings(cast)
    desk.see_evening(cast)
    customer.see_wrong_link(cast)
    office.see_day(cast)


def _see_start(cast: Cast) -> None:
    page = cast.visitor
    page.goto("/")
    cast.take(page, "start", is_long=True)
    page.goto("/?lang=es")
    cast.take(page, "start-es", is_long=True)
    page.goto("/?lang=en")
    for value in page.locator(".start-value").all():
        word, text = value.locator("dt").inner_text(), value.locator(".start-text").inner_text()
        # The mall's people come first; a station's and a hub's have words of the same kind.
        cast.logins.setdefault(word, text)
    for role in ("Manager", "Dispatcher"):
        card = page.get_by_role("region", name=role)
        cast.logins[role] = card.locator(".start-text").inner_text()
    who = page.locator("[data-kind=customer] header p").first.inner_text()
    first_name = who.partition(" ")[0]
    link = page.get_by_role("link", name="Open a tracking page").get_attribute("href") or ""
    cast.links[first_name] = link
    page.locator("button[name=where]").click()
    cast.take(page, "start-tablet")
