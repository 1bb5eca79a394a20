"""Figures: how fast and how small the product is, each beside something to compare it with.

`make bench` measures all, `make bench ONLY=claim_rate` one. A figure is a ratio where it can be
one: both sides are measured in the same run, in turns, on the same machine and disk, so that a busy
or slow machine weighs on both alike.
"""
