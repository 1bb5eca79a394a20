"""The driver app: shell, JSON and commands under /driver."""
