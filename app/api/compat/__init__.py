"""Ways in that look like those of other services, so that a shop switches by changing an address.

Thin: what comes is turned into an order of the API and goes its way; keys, scopes, limits and
refusals are the API's, only in the other service's words.
"""
