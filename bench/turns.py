"""The product's rate beside a bare peer's: both stand ready and are measured in turns."""

from collections.abc import Sequence

from app.config import Settings
from bench.figures import Figure, say
from bench.load import burst
from tests.promises import serving

ROUNDS = 6
#: Before it counts: caches of statements and connections fill.
WARM_UP = 50
CONNECTIONS = 8


def share_of_peer(
    name: str,
    ours: tuple[Settings, Sequence[bytes]],
    peer: tuple[Sequence[str], Sequence[bytes]],
    *,
    status: int,
    goal: float,
) -> Figure:
    """Send both sides their requests and return the share of the peer's rate that is kept.

    Args:
        name: Of the figure.
        ours: Settings of the product's server, and its requests: `WARM_UP` that do not count, then
            those of `ROUNDS` rounds.
        peer: Arguments that start the peer, and as many requests.
        status: What every answer must be; a refused request would be too cheap.
        goal: The least share.
    """
    (settings, our_requests), (command, peer_requests) = ours, peer
    size = (len(our_requests) - WARM_UP) // ROUNDS
    seconds = [0.0, 0.0]
    with (
        serving.running_server(serving.environment(settings)) as our_server,
        serving.running_server({}, command) as peer_server,
    ):
        sides = ((our_server.port, our_requests), (peer_server.port, peer_requests))
        for port, requests in sides:
            _send(port, requests[:WARM_UP], status)
        for number in range(ROUNDS):
            say(f"{name}: round {number + 1} of {ROUNDS}")
            part = slice(WARM_UP + number * size, WARM_UP + (number + 1) * size)
            for side, (port, requests) in enumerate(sides):
                seconds[side] += _send(port, requests[part], status)
    our_rate, peer_rate = (ROUNDS * size / each for each in seconds)
    return Figure(
        name=name,
        ours=f"{our_rate:.0f}/s",
        peer=f"{peer_rate:.0f}/s",
        ratio=our_rate / peer_rate,
        judged=our_rate / peer_rate,
        goal=goal,
        rule="at_least",
    )


def _send(port: int, requests: Sequence[bytes], status: int) -> float:
    outcome = burst(port, requests, connections=CONNECTIONS)
    if set(outcome.statuses) != {status}:
        message = f"requests were refused: {sorted(set(outcome.statuses))}"
        raise RuntimeError(message)
    return outcome.seconds
