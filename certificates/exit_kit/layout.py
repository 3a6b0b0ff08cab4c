"""Where things lie in an exported folder. Pure.

The file of a certificate is named by a hash of its number. A number is 130 random bits and lies nowhere in the folder
unless its holder shows the certificate to everybody; so whoever has the number finds the file, and whoever has only the
folder cannot tell whose it is, just as with the pages of the site.
"""

import hashlib

FORMAT = "laurel-export/1"
MANIFEST, NOTE = "manifest.json", "manifest.note"
KEYS, DOCUMENTS, BADGES = "keys.json", "documents.json", "badges.json"
REGISTER, CERTIFICATES, LISTS = "register", "certificates", "status-lists"
DIDS = ("did.json", ".well-known/did.json")
SCRIPT, PROGRAM, REQUIREMENTS = "verify.py", "verifier", "requirements.txt"
_PURPOSE = b"laurel certificate\n"


def file_of(number: str) -> str:
    """The path of the entry of a certificate, from its canonical number."""
    name = hashlib.sha256(_PURPOSE + number.encode()).hexdigest()
    return f"{CERTIFICATES}/{name[:2]}/{name[:32]}.json"
