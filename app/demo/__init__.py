"""A living demo: real malls and invented people, seeded only when asked for.

May import: the capabilities' services and queries, domain, persistence. Must not know: requests and
sockets. Nothing outside this package depends on it, but for the start page and the command line.
"""
