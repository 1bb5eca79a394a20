"""Malls and other pickup sites, their stores and desks, and the drawing of codes and labels.

May import: persistence, domain. Must not know: deliveries and runs.
"""
