"""Sockets out: rooms that the server computes, and one place that emits.

May import: services' queries, persistence, domain. Must not know: commands; nothing is changed
through a socket.
"""
