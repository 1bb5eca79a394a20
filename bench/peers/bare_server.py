"""What all bare peers share: the product's server class, and its settings of socket and memory.

Imported after gevent has patched the standard library.
"""

import gc
import os
import signal
import socket

from flask import Flask
from gevent.event import Event
from gevent.pywsgi import WSGIServer


def serve(app: Flask) -> None:
    """Serve until ctrl-C, at the address in `MALL_LISTEN`; print "open" once it listens."""
    host, _, port = os.environ["MALL_LISTEN"].rpartition(":")
    server = WSGIServer((host, int(port)), app, log=None)
    stop = Event()
    server.start()
    # As the product does: no answer waits for the confirmation of its head.
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    print("open", flush=True)
    stop.wait()
    server.stop(timeout=1)
