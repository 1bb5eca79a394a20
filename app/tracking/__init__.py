"""Positions in, tracking links, and what a customer may see of a driver.

May import: persistence, domain, deliveries, runs. Must not know: Flask and sockets.
"""
