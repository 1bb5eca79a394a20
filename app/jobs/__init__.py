"""Background work.

May import:  the job table, the loop, and the handlers it calls. Must not know: services, persistence:requests.
"""
