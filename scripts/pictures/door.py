"""The driver at a customer's door: a PIN, a photo, or nobody at home."""

import re

from playwright.sync_api import Page

from scripts.pictures import customer
from scripts.pictures.cast import Cast
from scripts.pictures.scenery import picture_of_door


def deliver(cast: Cast, title: str) -> None:
    """Go to a door and do there what its delivery asks for; `title` is the stop's."""
    page = cast.phone
    cast.once(page, "driver-door-ahead")
    if "driver-navigate" not in cast.pictured:
        page.locator("[data-action=navigate]").click()
        page.wait_for_timeout(400)
        cast.once(page, "driver-navigate")
        page.keyboard.press("Escape")
    known = next((name for name in cast.links if f" to {name}" in title), None)
    if known:
        customer.come_closer(cast, cast.links[known])
    page.locator("[data-action=arrive]").click()
    page.locator("[data-action=cannot]").wait_for()
    cast.once(page, "driver-door")
    is_ours = page.get_by_text(f"from {cast.store}").count() > 0
    if known and _bar_has(page, "pin"):
        _tell_pin(cast)
    elif (is_ours and "driver-cannot" not in cast.pictured) or _bar_has(page, "pin"):
        page.locator("[data-action=cannot]").click()
        page.get_by_label("Nobody is there").check()
        cast.once(page, "driver-cannot")
        page.locator("[data-action=send-fail]").click()
        page.locator("[data-action=send-fail]").wait_for(state="detached")
    elif _bar_has(page, "photo"):
        _photograph(cast)
    else:
        page.locator("[data-action=confirm]").click()
        page.locator("[data-action=confirm]").wait_for(state="detached")


def _bar_has(page: Page, action: str) -> bool:
    return page.locator(f"[data-action={action}]").count() > 0


def _tell_pin(cast: Cast) -> None:
    phone = cast.phone
    customer.see_open_page(cast, "customer-at-the-door")
    pin = re.sub(r"\D", "", cast.customer.locator("[data-hook=pin]").inner_text())
    phone.locator("[data-action=pin]").click()
    phone.locator("#pin").fill("000000" if pin != "000000" else "111111")
    phone.locator("[data-action=send-pin]").click()
    phone.get_by_role("alert").first.wait_for()
    phone.wait_for_timeout(600)
    cast.once(phone, "driver-pin-wrong")
    phone.locator("#pin").fill(pin)
    phone.locator("[data-action=send-pin]").click()
    phone.locator("#pin").wait_for(state="detached")
    customer.see_open_page(cast, "customer-delivered")


def _photograph(cast: Cast) -> None:
    page = cast.phone
    cast.camera.show(picture_of_door())
    page.locator("[data-action=photo]").click()
    page.locator("[data-scan=looking]").wait_for()
    cast.once(page, "driver-photo")
    page.locator("[data-action=shutter]").click()
    page.locator("[data-action=send-photo]").wait_for()
    cast.once(page, "driver-photo-taken")
    page.locator("[data-action=send-photo]").click()
    page.locator("[data-action=send-photo]").wait_for(state="detached")
