"""What merchants' programs ask over HTTP, one package per version.

May import: services, queries, `web` for what all edges share. Must not know: tables.
"""
