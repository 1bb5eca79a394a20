"""Looking at a screen as an auditor does: axe in light and dark, targets, the tab key's way."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

#: WCAG 2.2 AA with all that it includes, and what axe's authors hold for good besides.
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES: Final = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
#: All that the dark colours can break.
COLOURS: Final = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
#: CSS pixels, as the project promises; layout may round half a pixel away.
TARGET: Final = 43.5
TABS_MAX: Final = 60
#: Colours are settled once they have been painted.
TWO_FRAMES: Final = "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"

SMALL_TARGETS: Final = """(least) => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary")].flatMap((control) => {
  if (!control.checkVisibility({ visibilityProperty: true })) return [];
  // The label of a box or a switch is part of its target; a link in a sentence is exempt.
  const isBox = control.matches("[type=checkbox], [type=radio]");
  const target = (isBox && control.closest("label")) || control;
  const { width, height } = target.getBoundingClientRect();
  const isInSentence = control.matches("a") && getComputedStyle(control).display === "inline";
  const isHidden = width < 2 || height < 2;
  if (isInSentence || isHidden || (width >= least && height >= least)) return [];
  return [`${control.outerHTML.slice(0, 120)}: ${Math.round(width)} × ${Math.round(height)}`];
})"""

#: Every control in the order of the page; of a group of radio buttons the one that tab reaches.
LIST_CONTROLS: Final = """() => {
  const all = [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const radios = (radio) => all.filter(({ type, name }) => type === "radio" && name === radio.name);
  window.controls = all.filter((control) => {
    if (control.tabIndex < 0 || control.disabled || !control.checkVisibility()) return false;
    if (control.type !== "radio") return true;
    const group = radios(control);
    return control === (group.find(({ checked }) => checked) ?? group[0]);
  });
  // Tab goes on from what had the focus last, such as the title: begin before everything.
  document.querySelector("#tab-begins-here")?.remove();
  const beginning = document.createElement("i");
  Object.assign(beginning, { id: "tab-begins-here", tabIndex: -1 });
  document.body.prepend(beginning);
  beginning.focus();
  return window.controls.map((control) => control.outerHTML.slice(0, 100));
}"""
FOCUSED: Final = """() => {
  const focused = document.activeElement;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
  const isMarked = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
  return [window.controls.indexOf(focused), isMarked, focused.outerHTML.slice(0, 100)];
}"""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found on the screens looked at, each line beginning with the screen's name."""

    faults: list[str] = field(default_factory=list[str])

    def end(self) -> None:
        """Fail with everything that was found."""
        assert not self.faults, "\n".join(self.faults)

    def look(self, page: Page, screen: str) -> None:
        """Note what is wrong with a screen as it is now."""
        self._colour(page, "light")
        self._run_axe(page, screen, RULES)
        for target in page.evaluate(SMALL_TARGETS, TARGET):
            self.faults.append(f"{screen}: small target {target}")
        self._colour(page, "dark")
        self._run_axe(page, f"{screen} (dark)", COLOURS)

    def _colour(self, page: Page, scheme: Literal["light", "dark"]) -> None:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(TWO_FRAMES)

    def _run_axe(self, page: Page, screen: str, options: dict[str, Any]) -> None:
        for violation in Axe().run(page, options=options).response["violations"]:
            for node in violation["nodes"]:
                words = " ".join(node["failureSummary"].split())
                self.faults.append(f"{screen}: {violation['id']} at {node['target']}: {words}")

    def walk(self, page: Page, screen: str) -> None:
        """Go through a screen with the tab key: every control once, in the order of the page."""
        controls: list[str] = page.evaluate(LIST_CONTROLS)
        for expected, control in enumerate(controls):
            page.keyboard.press("Tab")
            at, is_marked, focused = page.evaluate(FOCUSED)
            if at != expected:
                self.faults.append(f"{screen}: tab reaches {focused} and not {control}")
                return
            if not is_marked:
                self.faults.append(f"{screen}: the focus does not show on {control}")


def see_title(page: Page, words: str) -> None:
    """Wait until a screen with these words in its title is on; without words, for any title."""
    page.get_by_role("heading", level=1, name=re.compile(words)).wait_for()


def press(page: Page, control: Locator) -> None:
    """Go to a control with the tab key alone and press it."""
    control.wait_for()
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if control.evaluate("(element) => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the tab key does not reach {control}")
