"""Calls that burn CPU (password hashes, pictures) leave the event loop for a thread pool."""

import threading
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

import gevent
from gevent import monkey

P = ParamSpec("P")
R = TypeVar("R")

#: A hostile picture within all limits still takes 400 MB while it is read.
_HEAVY_AT_ONCE: Final = 2
#: Long enough for the loop to look at its sockets more than once: a request is more than one event.
_PAUSE_S: Final = 0.001
_heavy: Final = threading.BoundedSemaphore(_HEAVY_AT_ONCE)


def run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function that holds the processor for long, without stopping the other requests.

    Under gevent it runs in the hub's thread pool; elsewhere (tests, the command line) it is a plain
    call. Exceptions come through unchanged.
    """
    if not monkey.is_module_patched("threading"):
        return function(*args, **kwargs)
    return gevent.get_hub().threadpool.apply(function, args, kwargs)


def let_others_in() -> None:
    """Let waiting requests go on before the next piece of a long one."""
    if monkey.is_module_patched("threading"):
        gevent.sleep(_PAUSE_S)


def run_heavy(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do as `run`, at most two at once: for calls that take much memory too."""
    with _heavy:
        return run(function, *args, **kwargs)
