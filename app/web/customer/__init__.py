"""The tracking page under /t, for whoever holds the link."""
