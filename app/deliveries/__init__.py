"""Placing, changing, cancelling and reading deliveries, and the timeline of one.

May import: persistence, domain, eventlog, sites. Must not know: Flask and sockets.
"""
