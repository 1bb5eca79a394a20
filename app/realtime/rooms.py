"""Names of rooms. Only the server computes them; no message from outside ever names one."""


def of_delivery(delivery_id: str) -> str:
    """Whoever holds the delivery's tracking link."""
    return f"delivery:{delivery_id}"


def of_driver(person_id: str) -> str:
    """The driver's own screens."""
    return f"driver:{person_id}"


def of_store(store_id: str) -> str:
    """The store's desks."""
    return f"store:{store_id}"


def of_offers(site_id: str) -> str:
    """Drivers on duty at a site."""
    return f"offers:{site_id}"


def of_session(session_id: str) -> str:
    """All sockets of one sign-in."""
    return f"session:{session_id}"


def is_offers(room: str) -> bool:
    """Tell whether a room is one of drivers waiting for offers."""
    return room.startswith("offers:")


def is_session(room: str) -> bool:
    """Tell whether a room gathers the sockets of a sign-in."""
    return room.startswith("session:")


def session_in(room: str) -> str:
    """Return the sign-in whose sockets a room gathers."""
    return room.removeprefix("session:")
