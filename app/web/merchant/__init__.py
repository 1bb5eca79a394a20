"""The merchant's page: deliveries, keys and webhooks of one merchant, for its own people."""
