"""Solvers that the product is measured beside, in a virtual environment of their own."""
