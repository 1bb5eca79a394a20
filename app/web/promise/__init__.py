"""Shops' pages: promises for today, the script that shows them, the hosted checkout."""
