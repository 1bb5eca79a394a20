"""People, their roles and sessions, drivers, clerks, and the devices that sign.

May import: persistence, domain. Must not know: what a delivery or a run is.
"""
