"""Still pictures in front of the apps' own scanner code, in a real browser: no camera, no server.

The page is bundled with the release that is built: the same worker, the same WebAssembly.
"""

import contextlib
import json
import subprocess
import threading
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page

from tests.hard_pictures import Picture

ROOT = Path(__file__).parent.parent
ESBUILD = ROOT / "node_modules/.bin/esbuild"
PAGE = Path(__file__).with_name("reading_page.mjs")
BUILT = "/static/dist/"
HTML = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="page.js"></script>'


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader made of one picture."""

    picture: Picture
    is_read: bool
    ms: float


class Desk:
    """A folder of pictures and the page that reads them, under an address of its own.

    Args:
        url: Where the folder is served.
        folder: Where pictures are put.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder

    def lay_out(self, pictures: Iterable[Picture]) -> list[Picture]:
        """Make the pictures available to the page."""
        laid = list(pictures)
        for picture in laid:
            # Quick to write and to read, and nothing of it is lost.
            picture.frame.save(self._folder / f"{picture.name}.png", compress_level=1)
        return laid

    def open(self, page: Page) -> None:
        """Open the page."""
        page.goto(f"{self._url}/index.html")

    def read(self, page: Page, reader: str, pictures: Iterable[Picture]) -> list[Reading]:
        """Let one reader read every picture."""
        return [self._read(page, reader, picture) for picture in pictures]

    def _read(self, page: Page, reader: str, picture: Picture) -> Reading:
        asked = [reader, f"/{picture.name}.png"]
        found = page.evaluate("([reader, url]) => readPicture(reader, url)", asked)
        return Reading(picture, picture.text in found["texts"], found["ms"])


@contextlib.contextmanager
def reading_desk(folder: Path, page: Path = PAGE) -> Generator[Desk]:
    """Bundle a page and serve it with the pictures in `folder`, and nothing else than both."""
    manifest = json.loads((ROOT / "static/dist/manifest.json").read_text())
    addresses = {
        "ZXING_WASM_URL": manifest["zxing_reader.wasm"]["file"],
        "WORKER_URLS.scanner": manifest["scanner.worker.js"]["file"],
    }
    defines = [f"--define:{name}={json.dumps(BUILT + at)}" for name, at in addresses.items()]
    bundle = [ESBUILD, page, "--bundle", "--format=esm", f"--outfile={folder / 'page.js'}"]
    subprocess.run([*bundle, *defines, "--log-level=error"], check=True, cwd=ROOT)
    (folder / "index.html").write_text(
        '<!doctype html><script type="module" src="page.js"></script>'
    )
    handler = partial(_Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Desk(f"http://127.0.0.1:{server.server_port}", folder)
        finally:
            server.shutdown()
            thread.join()


class _Handler(SimpleHTTPRequestHandler):
    """Files of the folder, and of the built front end."""

    def translate_path(self, path: str) -> str:
        if path.startswith(BUILT):
            return str(ROOT / "static/dist" / Path(path).name)
        return super().translate_path(path)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - Its name there.
        """Say nothing."""
