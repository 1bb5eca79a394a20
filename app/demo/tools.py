"""What the demo needs of the installation, handed in by the edges."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from app.handoffs.blobs import BlobStore
from app.keys import Keys, hash_clerk_code
from app.tracking.latest import LatestPositions


@dataclass(frozen=True, slots=True)
class DemoTools:
    """The installation's keys, its folder of pictures and the newest positions of drivers."""

    keys: Keys
    blobs: BlobStore
    latest: LatestPositions

    @classmethod
    def of(cls, extensions: Mapping[str, Any]) -> Self:
        """Return the tools of a wired application, from `app.extensions`."""
        return cls(
            extensions["mallrun_keys"],
            extensions["mallrun_blobs"],
            extensions["mallrun_positions"],
        )

    def clerk_code_hash(self, code: str, store_id: str) -> str:
        """Return the hash of a clerk's code, as the desk's sign-in computes it."""
        return hash_clerk_code(code, self.keys.derive(f"clerk-codes/{store_id}"))
