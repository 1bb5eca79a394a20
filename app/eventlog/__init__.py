"""The append-only log of what happened, chained per delivery, and its relay after commit.

May import: persistence, domain. Must not know: who listens.
"""
