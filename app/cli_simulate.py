"""The simulated day: `flask simulate`. It needs no database and changes nothing."""

import json
from pathlib import Path

import click

from app.simulation.figures import simulate, table
from app.simulation.picture import picture


# A plain command: flask's own would open an application context, and with it the database's.
@click.command("simulate")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON, as last line.")
@click.option(
    "--picture",
    "picture_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write an SVG of the day to this file.",
)
def simulate_day(*, seed: int, as_json: bool, picture_file: Path | None) -> None:
    """Simulate a day of 2,000 orders and 150 drivers at three malls, a station and a hub.

    The runs are formed by the product's own rules, and the same orders once more in three plain
    ways. The same seed prints the same bytes. It takes about a minute.
    """
    simulated = simulate(seed, lambda text: click.echo(f"… {text}", err=True))
    for line in table(simulated):
        click.echo(line.rstrip())
    if picture_file is not None:
        picture_file.write_text(picture(simulated), encoding="utf-8")
        click.echo(f"The picture is in {picture_file}.", err=True)
    if as_json:
        click.echo(json.dumps(simulated.as_json()))
