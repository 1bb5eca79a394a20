"""How rows are stored: base, column types, ids, engines and the one way to a transaction.

May import SQLAlchemy, `app.extensions` and `app.clock`; must not know any capability or any
request.
"""
