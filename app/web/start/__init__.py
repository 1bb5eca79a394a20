"""The start page: what Mallrun is, where its apps are, and in a demo the way into each of them."""
