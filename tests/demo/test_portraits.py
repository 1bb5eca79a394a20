"""Portraits of the demo's drivers."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from app.demo.portraits import HAIR_CUTS, SIDE_PX, looks_of, portrait_png


@pytest.mark.parametrize("name", ["Dina Alvarez", "Omar", "", "李 小龙", "x" * 10_000, "\ud800\0"])
def test_every_name_gets_a_square_face(name: str):
    with Image.open(BytesIO(portrait_png(name)), formats=("PNG",)) as portrait:
        assert portrait.size == (SIDE_PX, SIDE_PX)


def test_portrait_is_always_the_same():
    assert portrait_png("Dina Alvarez") == portrait_png("Dina Alvarez")


def test_drivers_of_one_demo_look_different():
    names = ["Dina Alvarez", "Omar Haddad", "Priya Nair", "Jonas Berg", "Mei Tanaka"]

    assert len({portrait_png(name) for name in names}) == len(names)


def test_looks_may_be_chosen():
    looks = looks_of("Dina Alvarez")

    portraits = {portrait_png("Dina", replace(looks, hair_cut=cut)) for cut in HAIR_CUTS}

    assert len(portraits) == len(HAIR_CUTS)
