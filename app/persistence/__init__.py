"""How rows are stored: the declarative base, column types, ids, engine set-up and the one way to open a transaction.

May import SQLAlchemy, `app.extensions` and `app.clock`; must not know any capability or any request.
"""
