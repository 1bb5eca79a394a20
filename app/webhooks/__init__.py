"""Webhooks: where merchants want to hear of events, what was sent, and sending it again.

May import: persistence, domain, deliveries, eventlog, runs, accounts. Must not know: Flask.
"""
