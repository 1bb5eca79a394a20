"""Calls that burn CPU (password hashes, pictures) leave the event loop for a thread pool."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import gevent
from gevent import monkey

P = ParamSpec("P")
R = TypeVar("R")


def run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function that holds the processor for long, without stopping the other requests.

    Under gevent it runs in the hub's thread pool; elsewhere (tests, the command line) it is a plain
    call. Exceptions come through unchanged.
    """
    if not monkey.is_module_patched("threading"):
        return function(*args, **kwargs)
    return gevent.get_hub().threadpool.apply(function, args, kwargs)
