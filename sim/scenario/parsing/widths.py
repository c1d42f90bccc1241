"""Full-width characters of Chinese keyboards: letters, digits, punctuation and blanks, with their ASCII forms."""

NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width forms of ASCII, by code point."""
BLANKS = "\u00a0\u2007\u2009\u202f\u3000"
"""Blanks that look like the ordinary blank."""
_TABLE = {**NARROW, **dict.fromkeys(map(ord, BLANKS), " "), 0x2212: "-", 0xFFE5: "¥", 0x3010: "[", 0x3011: "]"}


def narrow(text: str) -> str:
    """Text with every such character in its half-width form, and with ordinary minus signs and blanks."""
    return text.translate(_TABLE)
