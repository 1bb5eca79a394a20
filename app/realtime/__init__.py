"""Sockets out.

May import:  rooms computed by the server, one place that emits. Must not know: services, queries:commands; nothing is changed through a socket.
"""
