"""Statements per request, with one delivery and with thirty: the numbers must not differ."""

from collections.abc import Iterator

from bench.figures import Figure, say
from bench.stage import stages
from tests.promises import statements

FEW = 1
MANY = 30


def measure() -> Iterator[Figure]:
    """Count on SQLite; the statements are the same on PostgreSQL."""
    with stages("sqlite") as make:
        say("query_count: one delivery, then thirty")
        few = statements.counts(make("few").app, size=FEW)
        many = statements.counts(make("many").app, size=MANY)
    for name, count in many.items():
        yield Figure(
            name=f"queries_{name.replace(', ', '_').replace(' ', '_')}",
            ours=str(count),
            peer=str(few[name]),
            ratio=count / few[name] if few[name] else 1.0,
            judged=count - few[name],
            goal=0,
            rule="at_most",
        )
