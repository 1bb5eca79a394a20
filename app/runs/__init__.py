"""Forming, offering, claiming, releasing and finishing runs, and their pay.

May import: persistence, domain, deliveries, accounts. Must not know: Flask and sockets.
"""
