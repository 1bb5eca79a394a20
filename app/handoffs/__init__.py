"""Parcels changing hands.

May import:  scans, evidence, custody, proof and photos. Must not know: persistence, domain, deliveries, runs:Flask and sockets.
"""
