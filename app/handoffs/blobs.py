"""Where pictures are kept: a folder, behind an interface that an object store can take."""

import os
import secrets
from pathlib import Path
from typing import Protocol


class BlobStore(Protocol):
    """Keeps bytes under random keys."""

    def put(self, content: bytes) -> str:
        """Keep bytes and return their key; they are on disk when this returns."""
        ...

    def get(self, key: str) -> bytes | None:
        """Return the bytes of a key, or None."""
        ...

    def delete(self, key: str) -> None:
        """Forget a key; an unknown one is no error."""
        ...


class FolderBlobs:
    """Blobs as files of one folder, spread over 256 subfolders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Write a new file and return its key; it is on disk when this returns."""
        key = secrets.token_hex(16)
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A reader never sees half a picture: the name appears with the whole content.
        partial.replace(path)
        return key

    def get(self, key: str) -> bytes | None:
        """Return the content of a key's file, or None."""
        path = self._path(key)
        return path.read_bytes() if path.is_file() else None

    def delete(self, key: str) -> None:
        """Delete a key's file; a missing one is no error."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not (len(key) == 32 and key.isalnum()):
            message = "a blob key is 32 letters and digits"
            raise ValueError(message)
        return self._folder / key[:2] / key
