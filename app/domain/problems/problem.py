"""The shape of one refusal in the catalogue."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What one code means: HTTP status, a title, what happened, what to do now."""

    status: int
    title: str
    detail: str
    next_step: str
    #: True when the front end can meet this refusal by itself and needs the words without a server.
    on_device: bool = False
    #: True when only a store's tablet can meet it: the driver's phone does not load these words.
    desk_only: bool = False
    #: True when only codes, cameras and photos meet it: an app loads these words with the screens for them.
    at_hand: bool = False
    #: True when the refusal itself is a fact to keep (a counted wrong try): the edge commits instead of rolling back.
    keeps_effects: bool = False
