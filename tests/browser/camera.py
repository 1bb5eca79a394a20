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

#: Keeps what the page did with its cameras. `letOpen` opens the gate that a slow camera waits at.
WATCHED_CAMERA = """
window.cameras = [];
window.asked = [];
window.gate = new Promise((resolve) => { window.letOpen = resolve; });
if (!window.isSlow) window.letOpen();
if (navigator.mediaDevices) {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    await window.gate;
    const stream = await open(wanted);
    window.cameras.push(stream.getVideoTracks()[0]);
    return stream;
  };
}
"""
SLOW = "window.isSlow = true;"
#: A phone's camera: the fake one has neither lamp nor zoom.
LAMP_AND_ZOOM = """
const known = MediaStreamTrack.prototype.getCapabilities;
MediaStreamTrack.prototype.getCapabilities = function () {
  return { ...known.call(this), torch: true, zoom: { min: 1, max: 8, step: 0.5 } };
};
MediaStreamTrack.prototype.applyConstraints = async (wanted) => {
  window.asked.push(wanted.advanced[0]);
};
"""
HIDE = """
Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
document.dispatchEvent(new Event("visibilitychange"));
"""
#: What stood before is the browser's own again.
SHOW = "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'));"
#: Waits until the page has asked for a camera so often.
OPENED = """
async (count) => {
  while (cameras.length < count) await new Promise((go) => requestAnimationFrame(go));
}
"""
STATES = "() => window.cameras.map((track) => track.readyState)"


class Camera:
    """The picture in front of a browser's camera.

    Args:
        folder: Where the frames are kept while the browser lives.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shown = 0
        self._is_dark = False
        self.link = folder / "camera.mjpeg"
        self.darken()

    @property
    def arguments(self) -> list[str]:
        """What to start Chromium with. The context needs the permission `camera` as well."""
        return [
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={self.link}",
        ]

    def darken(self) -> None:
        """Put nothing in front of the camera."""
        if not self._is_dark:
            self.show(Image.new("RGB", FRAME_SIZE, "black"))
            self._is_dark = True

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
        self._is_dark = False
        self._shown += 1
        frames = self._folder / f"frames-{self._shown}.mjpeg"
        frames.write_bytes(jpeg.getvalue() * FRAMES)
        next_link = self._folder / "next.mjpeg"
        next_link.symlink_to(frames)
        next_link.replace(self.link)
