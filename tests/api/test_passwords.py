"""Passwords are kept as hashes, read from a variable, and compared without telling which names there are."""

import pytest

from resnet_explorer.api.passwords import hash_password, password_check, read_users
from resnet_explorer.errors import RunError

GOOD = "correct horse battery"


def test_a_password_opens_and_another_does_not() -> None:
    kept = hash_password(GOOD)
    assert GOOD not in kept
    assert kept != hash_password(GOOD)
    is_right = password_check(read_users(f"ann:{kept}, bob:{hash_password('something else')}"))
    assert is_right("ann", GOOD)
    assert not is_right("ann", GOOD + " ")
    assert not is_right("bob", GOOD)
    assert not is_right("nobody", GOOD)
    assert not is_right("nobody", "")


def test_no_users_are_none() -> None:
    assert read_users("") == read_users(" , ") == {}


@pytest.mark.parametrize("text", ["ann", "ann:", ":" + "0" * 97, "ann:password", f"ann:{'0' * 32}-{'g' * 64}"])
def test_a_variable_that_cannot_be_read_is_refused_without_its_secrets(text: str) -> None:
    with pytest.raises(RunError, match="hash-password makes a hash") as caught:
        read_users(text)
    assert "password" not in str(caught.value).replace("hash-password", "").replace("'ann'", "")


def test_a_short_password_is_refused() -> None:
    with pytest.raises(RunError, match="at least 8"):
        hash_password("short")
