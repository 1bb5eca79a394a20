"""The rules: pure values and decisions.

Imports the standard library and itself; knows no database, no web, no clock.
"""
