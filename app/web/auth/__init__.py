"""Signing in and out, session cookies, and who is asking."""
