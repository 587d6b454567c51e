"""What is seen when lanes stand side by side: exact identity paths, what stands on the others, sizes."""

from collections.abc import Sequence

from resnet_explorer.describe.identity_path import identity_path
from resnet_explorer.describe.sentence import Sentence, chained, listed
from resnet_explorer.networks.plan import Plan

Lanes = Sequence[tuple[str, Plan]]


def structure_sentences(lanes: Lanes) -> list[Sentence]:
    """At most three sentences about lanes, each a letter and a plan."""
    if not lanes:
        return []
    return [_exact(lanes), *_standing(lanes), _sizes(lanes)]


def _exact(lanes: Lanes) -> Sentence:
    exact = [letter for letter, plan in lanes if identity_path(plan).exact]
    if not exact:
        return Sentence("No lane keeps the identity path exact inside its stages.")
    if len(exact) == len(lanes):
        return Sentence("Every lane keeps the identity path exact inside its stages.")
    if len(exact) > 1:
        text = "{lanes} keep the identity path exact inside their stages."
    else:
        text = "{lanes} keeps the identity path exact inside its stages."
    return Sentence(text, {"lanes": listed(exact)})


def _standing(lanes: Lanes) -> list[Sentence]:
    """What stands on the trunk, each kind once with its lanes, and who has no shortcut."""
    groups: dict[str, list[str]] = {}
    plain = []
    for letter, plan in lanes:
        path = identity_path(plan)
        if path.plain:
            plain.append(letter)
        elif not path.exact:
            groups.setdefault(" ".join(path.ops), []).append(letter)
    parts = [Sentence("{ops} in {lanes}", {"ops": ops, "lanes": listed(letters)}) for ops, letters in groups.items()]
    if plain:
        text = "{lanes} have no shortcut" if len(plain) > 1 else "{lanes} has no shortcut"
        parts.append(Sentence(text, {"lanes": listed(plain)}))
    if not parts:
        return []
    text = "On the trunk between two additions: {said}." if groups else "{said}."
    return [Sentence(text, {"said": chained(parts)})]


def _sizes(lanes: Lanes) -> Sentence:
    groups: dict[int, list[str]] = {}
    for letter, plan in lanes:
        groups.setdefault(plan.params, []).append(letter)
    if len(groups) == 1:
        (params,) = groups
        text = "All have {n} parameters (with BN)." if len(lanes) > 1 else "It has {n} parameters (with BN)."
        return Sentence(text, {"n": f"{params:,}"})
    sizes = [
        Sentence("{lanes} {n}", {"lanes": listed(letters), "n": f"{params:,}"})
        for params, letters in sorted(groups.items())
    ]
    return Sentence("Parameters differ (with BN): {said}.", {"said": chained(sizes)})
