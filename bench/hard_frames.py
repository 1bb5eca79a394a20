"""How many hard pictures our scanner reads, beside two others in the same browser and run."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.chromium import chromium
from bench.figures import Figure, quantile, say
from tests.hard_pictures import hard_pictures
from tests.reading import Reading, reading_desk

READERS = Path(__file__).parent / "readers"
COUNT = 40
GOAL_SHARE = 0.85
OURS = "mallrun"
PEERS = ("qr-scanner", "jsqr")


def measure() -> Iterator[Figure]:
    """Show every picture to every reader once."""
    _install()
    with tempfile.TemporaryDirectory(prefix="mallrun-bench-") as folder:
        readings = _readings(Path(folder))
    read = {name: sum(each.is_read for each in found) for name, found in readings.items()}
    yield Figure(
        name="hard_frames_read",
        ours=f"{read[OURS]}/{COUNT}",
        judged=read[OURS] / COUNT,
        goal=GOAL_SHARE,
        rule="at_least",
    )
    for peer in PEERS:
        yield Figure(
            name=f"hard_frames_more_than_{peer}",
            ours=f"{read[OURS]}/{COUNT}",
            peer=f"{read[peer]}/{COUNT}",
            ratio=read[OURS] / max(1, read[peer]),
            judged=read[OURS] - read[peer],
            goal=1,
            rule="at_least",
        )
    yield from (_time_of(name, found) for name, found in readings.items())


def _install() -> None:
    if (READERS / "node_modules" / "jsqr").exists():
        return
    say("hard_frames: installing")
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, check=True, cwd=READERS, stdout=subprocess.DEVNULL)


def _readings(folder: Path) -> dict[str, list[Reading]]:
    with reading_desk(folder, READERS / "peers_page.mjs") as desk, chromium() as browser:
        say("hard_frames: drawing")
        pictures = desk.lay_out(hard_pictures(COUNT))
        page = browser.new_page()
        desk.open(page)
        readings: dict[str, list[Reading]] = {}
        for name in (OURS, *PEERS):
            say(f"hard_frames: {name}")
            # Once for warming up: what is loaded at the first picture is not reading.
            desk.read(page, name, pictures[:1])
            readings[name] = desk.read(page, name, pictures)
        return readings


def _time_of(name: str, readings: list[Reading]) -> Figure:
    ms = quantile([each.ms for each in readings], 0.5)
    return Figure(name=f"hard_frames_ms_p50_{name}", ours=f"{ms:.0f} ms", judged=ms)
