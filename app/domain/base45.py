"""Base45: bytes as the 45 characters that a QR code packs densest.

Source: RFC 9285. Two bytes become three characters, a last odd byte becomes two.
"""

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}


def encode(raw: bytes) -> str:
    """Return `raw` as Base45 text."""
    text: list[str] = []
    for at in range(0, len(raw), 2):
        pair = raw[at : at + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, digit = divmod(number, 45)
            text.append(ALPHABET[digit])
    return "".join(text)


def decode(text: str) -> bytes:
    """Return the bytes that `text` stands for. Every byte string has exactly one text.

    Raises:
        ValueError: On a character outside the alphabet, a left-over single character, or a group
            that stands for more than its bytes can hold (`:::`).
    """
    raw = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        if len(group) == 1:
            raise ValueError("one character is left over")
        number = 0
        for character in reversed(group):
            if character not in _VALUE:
                raise ValueError("a character outside the Base45 alphabet")
            number = number * 45 + _VALUE[character]
        size = len(group) - 1
        if number >= 256**size:
            raise ValueError("a group stands for too much")
        raw += number.to_bytes(size, "big")
    return bytes(raw)
