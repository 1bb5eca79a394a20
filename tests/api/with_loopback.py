"""The server as `wsgi.py` starts it, but its webhooks reach a receiver on this machine.

No setting does that: what switches the guard off must not be in the product.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import wsgi
from app.webhooks.outgoing import Sender

wsgi.app.extensions["mallrun_webhooks"] = Sender(allows_loopback=True)
sys.exit(wsgi.main([]))
