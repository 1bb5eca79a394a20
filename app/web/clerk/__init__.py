"""The desk app of a store: shell, JSON and commands under /desk."""
