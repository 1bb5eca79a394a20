"""The inspection itself: an auditor who never finds anything would pass every screen."""

from playwright.sync_api import Page

from tests.browser.inspection import Inspection

FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><style>
  button, a { min-width: 44px; min-height: 44px; display: inline-block }
  .small { min-height: 20px; height: 20px }
  .bare:focus { outline: none }
  @media (prefers-color-scheme: dark) { p { color: #777; background: #888 } }
</style><main><h1>Faulty</h1><p>Grey on grey in the dark</p><img src="data:,">
<button class="small">Small</button><button class="bare">Bare</button>
<button tabindex="1">First</button></main></html>"""


def test_inspection_finds_what_is_wrong(page: Page, inspection: Inspection):
    page.set_content(FAULTY)

    inspection.look(page, "faulty")
    inspection.walk(page, "faulty")

    found = "\n".join(inspection.faults)
    assert "faulty: image-alt" in found
    assert "faulty: small target <button" in found
    assert "faulty (dark): color-contrast" in found
    assert "faulty: color-contrast" not in found
    assert "faulty: tab reaches" in found


def test_walk_notices_a_focus_that_does_not_show(page: Page, inspection: Inspection):
    page.set_content(FAULTY.replace('tabindex="1"', ""))

    inspection.walk(page, "faulty")

    (fault,) = inspection.faults
    assert "the focus does not show" in fault
    assert "Bare" in fault
