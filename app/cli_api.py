"""`flask openapi`: the description of the merchants' API, for generators and checks."""

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from app.api.v1.openapi import document


@click.command("openapi")
@with_appcontext
def openapi() -> None:
    """Print the merchants' API as an OpenAPI 3.1 document."""
    url: str = current_app.extensions["mallrun_settings"].public_url
    click.echo(json.dumps(document(url), indent=2, ensure_ascii=False))
