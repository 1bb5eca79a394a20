"""URL rules that cost nothing until somebody asks for their URLs."""

from collections.abc import Callable

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A rule whose URLs are built by code that is made when the first is asked for.

    Werkzeug writes and compiles two functions for each rule as soon as it is added. Most are never
    called, and with two hundred routes that was half of the time that wiring takes: of every
    start, of every `flask` command, and of every application that a test wires.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Build:  # noqa: FBT001, FBT002 - As Werkzeug calls it.
        write, written = super()._compile_builder, None

        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            nonlocal written
            if written is None:
                written = write(append_unknown)
            return written(rule, **values)

        return build
