"""Who hears what when by mail: what is due is noted with its cause, and sent by a loop of its own.

May import: persistence, domain, accounts, sites, the job queue. Must not know: Flask, templates.
"""
