"""The driver with a phone, from going on duty to the earnings."""

from scripts.pictures import desk, door
from scripts.pictures.cast import Cast


def begin_duty(cast: Cast) -> None:
    """Sign in, go on duty and make this phone the driver's."""
    page = cast.phone
    cast.sign_in(page, "/driver/", "E-mail")
    duty = page.locator("[data-action=on-duty]")
    duty.wait_for()
    cast.take(page, "driver-duty")
    duty.click()
    page.locator("[data-offer]").first.wait_for()
    use_this_phone = page.get_by_role("button", name="Use this phone")
    if use_this_phone.count():
        cast.take(page, "driver-other-phone")
        use_this_phone.click()
        use_this_phone.wait_for(state="detached")
        # The word that it worked goes away by itself.
        page.wait_for_timeout(4_000)


def claim(cast: Cast) -> None:
    """Claim a run of the clerk's store; look at giving it back, and at no signal."""
    page = cast.phone
    # New orders join runs a moment after they were placed.
    page.wait_for_timeout(1_500)
    wanted = page.locator("[data-offer]").filter(has_text=cast.store).first
    wanted.scroll_into_view_if_needed()
    cast.take(page, "driver-offers", readme="phone")
    cast.take(page, "driver-offers-all", is_long=True)
    wanted.locator("[data-action=claim]").click()
    page.locator("[data-action=arrive]").wait_for()
    # The word that it worked goes away by itself.
    page.wait_for_timeout(7_000)
    cast.take(page, "driver-run", readme="phone")
    cast.take(page, "driver-run-all", is_long=True)
    page.locator("[data-action=release]").click()
    page.get_by_role("radio").first.wait_for()
    cast.take(page, "driver-release")
    page.go_back()
    cast.phone_context.set_offline(offline=True)
    page.wait_for_timeout(1_000)
    cast.take(page, "driver-offline")
    cast.phone_context.set_offline(offline=False)


def next_stop(cast: Cast) -> bool:
    """Do what the driver's screen asks for; tell whether the run goes on."""
    page = cast.phone
    ready = page.locator("[data-action=arrive], [data-action=seen]").first
    ready.wait_for()
    if page.locator("[data-action=seen]").count():
        return False
    title = page.get_by_role("heading", level=1).inner_text()
    print(f"   {title}", flush=True)
    if title.startswith("Collect"):
        _collect(cast, title)
    elif title.startswith("Give"):
        _give_back(cast, title)
    else:
        door.deliver(cast, title)
    page.wait_for_timeout(600)
    return True


def _collect(cast: Cast, title: str) -> None:
    page = cast.phone
    page.locator("[data-action=arrive]").click()
    page.locator("[data-action=scan]").wait_for()
    cast.once(page, "driver-counter")
    if f" at {cast.store}," in title:
        desk.hand_over(cast)
        return
    page.locator("[data-action=scan]").click()
    page.locator("[data-action=code]").first.click()
    cast.once(page, "driver-short-code")
    page.locator("[data-action=assert]").click()
    page.get_by_label("The tablet is off or broken").check()
    cast.once(page, "driver-assert")
    page.locator("[data-action=send-assertion]").click()
    page.locator("[data-action=send-assertion]").wait_for(state="detached")


def _give_back(cast: Cast, title: str) -> None:
    page = cast.phone
    cast.once(page, "driver-return")
    page.locator("[data-action=arrive]").click()
    page.locator("[data-action=give-back]").wait_for()
    if f" at {cast.store}," in title:
        desk.take_back(cast)
    else:
        page.locator("[data-action=give-back]").click()
    page.locator("[data-action=give-back]").wait_for(state="detached")


def see_earnings(cast: Cast) -> None:
    """Look at what the run was worth, and the days before it."""
    page = cast.phone
    cast.take(page, "driver-finished")
    page.locator("[data-action=seen]").click()
    page.locator("[data-action=account]").click()
    page.locator("[data-action=earnings]").first.wait_for()
    cast.take(page, "driver-account", is_long=True)
    page.locator("[data-action=earnings]").first.click()
    page.wait_for_timeout(800)
    cast.take(page, "driver-earnings", is_long=True)
