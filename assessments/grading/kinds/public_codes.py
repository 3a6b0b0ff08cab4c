"""Codes for parts whose authored codes or order would give the answer away.

Authors write steps as a, b, c in the right order and pairs side by side. The public code of such a part is
therefore made from nothing but its own text, which the candidate sees anyway, so it can reveal neither order nor
pairing. It needs no salt and no memory, stays the same for one version of an item, and sorts in a meaningless order.
"""

import hashlib


def public_code(text: str) -> str:
    """Twelve hexadecimal digits that depend on `text` alone."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
