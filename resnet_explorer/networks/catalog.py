"""Looks up a network by its name, such as `wrn-28-10`."""

import re
from difflib import get_close_matches

from resnet_explorer.errors import NetworkError
from resnet_explorer.networks.families import FAMILIES, Family, PresetNetwork

MAX_NAME_LENGTH = 60


def preset_network(name: str) -> PresetNetwork:
    """The network of a name, and what an ordering needs to rewrite it; raises a NetworkError with a suggestion."""
    family, match = _find_family(name)
    return family.make(match)


def family_of(name: str) -> Family:
    """The family that a name belongs to."""
    return _find_family(name)[0]


def _find_family(name: str) -> tuple[Family, re.Match[str]]:
    if len(name) > MAX_NAME_LENGTH:
        raise NetworkError(f"a network's name has at most {MAX_NAME_LENGTH} characters, not {len(name):,}")
    for family in FAMILIES:
        match = re.fullmatch(family.pattern, name, re.ASCII)
        if match:
            return family, match
    raise NetworkError(f"unknown network {name!r}; {_suggest(name)}")


def _suggest(name: str) -> str:
    for family in FAMILIES:
        if name == family.name or name.startswith(family.name + "-"):
            return f"the family is written {family.sizes}, for example {family.example!r}"
    matches = get_close_matches(name, [family.example for family in FAMILIES], n=1, cutoff=0.3)
    return f"did you mean {matches[0]!r}?" if matches else f"for example {FAMILIES[0].example!r}"
