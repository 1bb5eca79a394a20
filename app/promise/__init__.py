"""Same-day promises for shop pages: what a store can do today, and what it has in stock.

May import: persistence, domain, accounts, deliveries, runs, sites. Must not know: Flask, sockets.
"""
