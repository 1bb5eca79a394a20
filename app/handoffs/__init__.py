"""Parcels changing hands: scanned codes, evidence, custody, proof and photos.

May import: persistence, domain, accounts, sites, deliveries, runs, eventlog. Must not know: Flask
and sockets.
"""
