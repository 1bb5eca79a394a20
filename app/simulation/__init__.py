"""A day of orders and drivers that never were, under the product's own rules.

May import: domain. Must not know: database, web, clock. A seed gives the same day everywhere.
"""
