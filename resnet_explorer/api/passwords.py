"""Who may sign in, as RESNET_EXPLORER_AUTH has it: NAME:HASH pairs with commas; no password is kept anywhere."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping

from resnet_explorer.errors import RunError

VARIABLE = "RESNET_EXPLORER_AUTH"
# a try takes some hundredths of a second of a core, and 16 MB
COST, BLOCK, LANES, LENGTH = 1 << 14, 8, 1, 32
SHORTEST = 8
# what a name that nobody has is compared with, so that it takes as long as one that somebody has
NOBODY = "0" * 32 + "-" + "0" * 64


def hash_password(password: str, salt: str = "") -> str:
    """What is kept of a password: SALT-HASH; refused if it is too short to be one."""
    if len(password) < SHORTEST:
        raise RunError(f"a password has at least {SHORTEST} letters")
    salt = salt or secrets.token_hex(16)
    return f"{salt}-{_hash(password, salt)}"


def read_users(text: str) -> dict[str, str]:
    """The hash of each name in the variable; raises RunError where it cannot be read."""
    users = {}
    for pair in filter(None, map(str.strip, text.split(","))):
        name, _, kept = pair.partition(":")
        salt, _, key = kept.partition("-")
        if not name or len(salt) != 32 or len(key) != 2 * LENGTH or not set(salt + key) <= set("0123456789abcdef"):
            wanted = "NAME:HASH pairs with commas; resnet-explorer hash-password makes a hash"
            raise RunError(f"{VARIABLE} cannot be read at {name[:20]!r}; it holds {wanted}")
        users[name] = kept
    return users


def password_check(users: Mapping[str, str]) -> Callable[[str, str], bool]:
    """Whether a password is that of a name; it takes as long whether or not there is the name."""

    def is_right(name: str, password: str) -> bool:
        salt, _, key = users.get(name, NOBODY).partition("-")
        return hmac.compare_digest(_hash(password, salt), key)

    return is_right


def _hash(password: str, salt: str) -> str:
    key = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=COST, r=BLOCK, p=LANES, dklen=LENGTH)
    return key.hex()
