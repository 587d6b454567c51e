"""Looks up a network by its name, such as `wrn-28-10`."""

import re
from difflib import get_close_matches

from resnet_explorer.errors import NetworkError
from resnet_explorer.networks.families import FAMILIES, Family, PresetNetwork

MAX_NAME_LENGTH = 60
# how torchvision, timm and papers write networks that are here; the first that fits and exists is meant
ELSEWHERE = (
    (r"(?:cifar-?)?resnet[-_]?(18|34|50|101|152)", r"imagenet-\1"),
    (r"(?:cifar-?)?resnet[-_]?(\d+)", r"cifar-basic-\1"),
    (r"(?:wide_?resnet|wrn)[-_]?(\d+)[-_x](\d+)", r"wrn-\1-\2"),
    (r"resnext[-_]?(\d+)[-_](\d+)x(\d+)d?", r"resnext-\1-\2x\3d"),
    (r"res2net[-_]?(\d+)[-_](\d+)w[-_](\d+)s", r"res2net-\1-\2w-\3s"),
    (r"vgg[-_]?(\d+)(?:_bn)?", r"vgg-\1"),
)


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
    if match := _match_family(name):
        return match
    hint, names = _suggest(name)
    raise NetworkError(f"unknown network {name!r}; {hint}", names, "network")


def _match_family(name: str) -> tuple[Family, re.Match[str]] | None:
    for family in FAMILIES:
        if match := re.fullmatch(family.pattern, name, re.ASCII):
            return family, match
    return None


def _suggest(name: str) -> tuple[str, tuple[str, ...]]:
    """What an unknown name may have meant, in words and as names that exist."""
    for family in FAMILIES:
        if name == family.name or name.startswith(family.name + "-"):
            near = _listed_depths(family, name) or (family.example,)
            return f"the family is written {family.sizes}, for example {near[0]!r}", near
    name = name.lower()
    meant = [match.expand(ours) for theirs, ours in ELSEWHERE if (match := re.fullmatch(theirs, name, re.ASCII))]
    near = next(filter(None, map(_mend, meant)), ()) or _near_names(name)
    hint = f"did you mean {near[0]!r}?" if near else f"for example {FAMILIES[0].example!r}"
    return hint, near or (FAMILIES[0].example,)


def _listed_depths(family: Family, name: str) -> tuple[str, ...]:
    """The names with the nearest depths, of a family that has only a few."""
    match = re.match(rf"{family.name}-(\d{{1,6}})(?!\d)", name, re.ASCII)
    depths = re.search(r"\(\?P<depth>([\d|]+)\)", family.pattern)
    if not match or not depths:
        return ()
    near = sorted(map(int, depths[1].split("|")), key=lambda depth: abs(depth - int(match[1])))[:2]
    names = (f"{family.name}-{depth}{name[match.end() :]}" for depth in near)
    return tuple(name for name in names if _mend(name) == (name,))


def _near_names(name: str) -> tuple[str, ...]:
    """Names whose family is spelled most like this one's, with this one's numbers if it can have them."""
    spelling = re.match(r"[^\d]*", name)
    letters = spelling[0].rstrip("-") if spelling else ""
    for near in get_close_matches(letters, [family.name for family in FAMILIES], n=1, cutoff=0.7):
        if names := _mend(near + name[len(letters) :]):
            return names
    return tuple(get_close_matches(name, [family.example for family in FAMILIES], n=1, cutoff=0.7))


def _mend(name: str) -> tuple[str, ...]:
    """The name alone if it exists, those with the nearest depths if it only has a wrong one, or none."""
    match = _match_family(name)
    try:
        return (name,) if match and match[0].make(match[1]) else ()
    except NetworkError as error:
        return error.suggestions
