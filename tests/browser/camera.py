"""A camera whose picture a test chooses: Chromium's fake video capture reads it from a file.

The file is a symbolic link that is swapped in one step. A page sees the new picture the next time
it asks for the camera; while any page still holds it, the old one stays. That also catches an app
that forgets to stop its tracks.
"""

import io
from pathlib import Path

from PIL import Image, ImageOps

FRAME_SIZE = (1280, 720)
FRAMES = 2  # Chromium plays them round and round; a single one it refuses.
JPEG_QUALITY = 92


class Camera:
    """The picture in front of a browser's camera.

    Args:
        folder: Where the frames are kept while the browser lives.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shown = 0
        self.link = folder / "camera.mjpeg"
        self.show(Image.new("RGB", FRAME_SIZE, "black"))

    @property
    def arguments(self) -> list[str]:
        """What to start Chromium with. The context needs the permission `camera` as well."""
        return [
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={self.link}",
        ]

    def show(self, picture: Image.Image | Path | bytes) -> None:
        """Put a picture in front of the camera, as large as it fits, on white.

        Args:
            picture: An image, a file, or the bytes of a screenshot.
        """
        if isinstance(picture, bytes):
            picture = Image.open(io.BytesIO(picture))
        elif isinstance(picture, Path):
            picture = Image.open(picture)
        frame = ImageOps.pad(picture.convert("RGB"), FRAME_SIZE, color="white")
        jpeg = io.BytesIO()
        frame.save(jpeg, "JPEG", quality=JPEG_QUALITY)
        self._shown += 1
        frames = self._folder / f"frames-{self._shown}.mjpeg"
        frames.write_bytes(jpeg.getvalue() * FRAMES)
        next_link = self._folder / "next.mjpeg"
        next_link.symlink_to(frames)
        next_link.replace(self.link)
