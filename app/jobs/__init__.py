"""Background work: the job table, the loop, and the handlers it calls.

May import: services, persistence, domain, `realtime.publish`. Must not know: requests.
"""
