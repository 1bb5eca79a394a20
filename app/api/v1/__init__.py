"""Version 1 of the merchants' API: one module per kind of thing, one document made of them all."""
