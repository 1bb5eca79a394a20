"""A process that holds the product in memory and forks servers: `python -m tests.promises.forking`.

Orders are lines of JSON on standard input: `{"start": …}` is answered with the server's process id,
`{"wait": pid}` once it has ended. See `tests.promises.forked` for who asks.
"""

from gevent import monkey

# As in `wsgi.py`: before anything else is imported.
monkey.patch_all()

import contextlib  # noqa: E402
import gc  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import runpy  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Mapping  # noqa: E402
from typing import Any  # noqa: E402

import app.cli  # noqa: E402
import app.server  # noqa: E402
import app.wiring  # noqa: E402

#: What an entrance imports, with all that these need; not to import it again is what a fork saves.
READY = (app.cli, app.server, app.wiring)
#: gevent's own would start its loop in this process, and each server is to start a loop itself.
fork = monkey.get_original("os", "fork")


def serve(order: Mapping[str, Any]) -> None:
    """Become the server that an operator would have started; returns when it has stopped.

    Args:
        order: `environment` in full, `command`: what Python runs, a file or `-m` and a module, with
            arguments; `said` and `log`: files for standard output and errors.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(order["environment"])
    for name, number in (("said", 1), ("log", 2)):
        opened = os.open(order[name], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    # Orders are for the process that forks.
    os.close(0)
    entrance, *sys.argv[1:] = order["command"]
    if entrance == "-m":
        runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
    else:
        sys.argv[0] = entrance
        runpy.run_path(entrance, run_name="__main__")


def start(order: Mapping[str, Any]) -> int:
    """Fork a server and return its process id."""
    pid = fork()
    if pid:
        return pid
    code = 1
    try:
        serve(order)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        # Nothing of this process may go on in the child, not even its clearing up.
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def wait(pid: int) -> int:
    os.waitpid(pid, 0)
    return pid


def main() -> None:
    """Do what is ordered until nobody orders any more."""
    # Ctrl-C reaches the whole group: those who ask stop their servers, and then this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        answer = wait(order["wait"]) if "wait" in order else start(order["start"])
        print(answer, flush=True)  # noqa: T201 - to the one who asked.


if __name__ == "__main__":
    main()
