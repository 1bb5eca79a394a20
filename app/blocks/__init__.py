"""Blocks: hours at a site that drivers take in advance, with a guaranteed minimum.

May import runs, accounts and sites by their queries; knows nothing of pages.
"""
