"""Commands that arrive once or many times, and take effect once.

May import: persistence. Must not know: what any command means.
"""
