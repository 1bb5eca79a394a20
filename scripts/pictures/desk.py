"""The clerk at the store's tablet."""

import re
from typing import Final

from scripts.pictures.cast import Cast
from scripts.pictures.scenery import wrong_code

OWN_CUSTOMER: Final = "Nora Lindgren"


def open_tablet(cast: Cast) -> None:
    """Enrol the tablet, and sign the clerk in after a wrong code."""
    page = cast.tablet
    page.goto("/desk/")
    page.get_by_role("heading").first.wait_for()
    cast.take(page, "desk-enrol-empty")
    page.goto("/")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open the store's tablet").click()
    page = cast.tablet = opened.value
    page.get_by_role("button", name="Enrol this tablet").wait_for()
    cast.take(page, "desk-enrol")
    page.get_by_role("button", name="Enrol this tablet").click()
    page.get_by_text("Enter your code").wait_for()
    cast.take(page, "desk-locked")
    page.keyboard.type("000000")
    page.get_by_role("alert").first.wait_for()
    cast.take(page, "desk-wrong-code")
    _sign_in_clerk(cast)
    cast.store = page.get_by_role("heading", level=1).inner_text()
    cast.take(page, "desk-board-morning", is_long=True)


def _sign_in_clerk(cast: Cast) -> None:
    cast.tablet.keyboard.type(cast.logins["Clerk's code"])
    cast.tablet.get_by_role("heading", name="Who is coming").wait_for()


def _wake(cast: Cast) -> None:
    """Enter the code again at a tablet that nobody has touched for long."""
    if cast.tablet.get_by_text("Enter your code").count():
        _sign_in_clerk(cast)


def place_delivery(cast: Cast) -> None:
    """Enter an order by hand, print its label and pack all that waits."""
    page = cast.tablet
    page.get_by_role("link", name="New delivery").click()
    page.get_by_role("button", name=re.compile("Place the delivery")).click()
    cast.take(page, "desk-new-errors", is_long=True)
    page.get_by_label("Recipient").fill(OWN_CUSTOMER)
    page.get_by_label("Phone").fill("+1 480 555 0199")
    page.get_by_label("Street and number").press_sequentially("1245")
    page.get_by_role("option").first.wait_for()
    cast.take(page, "desk-new-street")
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="One parcel more").click()
    page.get_by_label("PIN", exact=True).check()
    cast.take(page, "desk-new-filled", is_long=True)
    page.get_by_role("button", name=re.compile("Place the delivery")).click()
    link = page.get_by_label("Tracking link for the customer")
    link.wait_for()
    cast.links[OWN_CUSTOMER.partition(" ")[0]] = link.input_value()
    cast.take(page, "desk-placed")
    _take_label(cast)
    page.get_by_role("link", name="Back").first.click()
    packs = page.get_by_role("button", name=re.compile("Mark packed"))
    packs.first.wait_for()
    while (waiting := packs.count()) > 0:
        packs.first.click()
        page.wait_for_function(
            "n => [...document.querySelectorAll('button')]"
            ".filter(b => b.textContent.includes('Mark packed')).length < n",
            arg=waiting,
        )
    page.locator(".row-title a").first.click()
    page.wait_for_timeout(300)
    cast.take(page, "desk-delivery")
    page.keyboard.press("Escape")


def _take_label(cast: Cast) -> None:
    """Picture a label the way the printer gets it."""
    labels = cast.tablet.get_by_role("link", name=re.compile("Print")).first.get_attribute("href")
    label = cast.tablet.context.new_page()
    label.goto((labels or "").replace(".pdf", ".png"))
    cast.take(label, "desk-label")
    label.close()


def hand_over(cast: Cast) -> None:
    """Show the driver's camera a wrong code and then the right one."""
    tablet, phone = cast.tablet, cast.phone
    _wake(cast)
    tablet.get_by_text("is here").first.wait_for()
    cast.take(tablet, "desk-board", readme="tablet")
    tablet.get_by_role("link", name=re.compile("Hand over")).first.click()
    tablet.get_by_role("button", name=re.compile("show the code")).wait_for()
    cast.take(tablet, "desk-choice")
    tablet.get_by_role("button", name=re.compile("show the code")).click()
    tablet.locator("[data-release-qr]").wait_for()
    cast.take(tablet, "desk-code", readme="tablet")
    cast.camera.show(wrong_code())
    phone.locator("[data-action=scan]").click()
    phone.get_by_text("Not a Mallrun code").or_(
        phone.get_by_text("some other code")
    ).first.wait_for()
    cast.take(phone, "driver-scan-wrong")
    phone.get_by_role("button", name="Back").first.click()
    cast.camera.show(tablet.screenshot())
    phone.locator("[data-action=scan]").click()
    phone.locator("[data-result=collected]").wait_for(timeout=20_000)
    cast.take(phone, "driver-collected")
    tablet.get_by_role("button", name="Done").wait_for()
    cast.take(tablet, "desk-given")
    tablet.get_by_role("button", name="Done").click()
    phone.locator("[data-action=go-on]").click()


def take_back(cast: Cast) -> None:
    """Take the parcels of a driver who could not deliver them."""
    tablet = cast.tablet
    _wake(cast)
    tablet.get_by_role("link", name=re.compile("Take back")).first.click()
    tablet.get_by_role("button", name=re.compile("Parcels are back")).wait_for()
    cast.once(tablet, "desk-returns")
    tablet.get_by_role("button", name=re.compile("Parcels are back")).click()


def see_evening(cast: Cast) -> None:
    """Look at the counter once the run is over."""
    _wake(cast)
    cast.take(cast.tablet, "desk-board-evening", is_long=True)
