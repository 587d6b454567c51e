"""What is seen when lanes stand side by side: exact identity paths, what stands on the others, sizes."""

from collections.abc import Sequence

from resnet_explorer.describe.identity_path import identity_path
from resnet_explorer.networks.plan import Plan

Lanes = Sequence[tuple[str, Plan]]


def structure_sentences(lanes: Lanes) -> list[str]:
    """At most three sentences about lanes, each a letter and a plan."""
    if not lanes:
        return []
    return [text for text in (_exact(lanes), _standing(lanes), _sizes(lanes)) if text]


def _exact(lanes: Lanes) -> str:
    exact = [letter for letter, plan in lanes if identity_path(plan).exact]
    if not exact:
        return "No lane keeps the identity path exact inside its stages."
    if len(exact) == len(lanes):
        return "Every lane keeps the identity path exact inside its stages."
    verb, whose = ("keep", "their") if len(exact) > 1 else ("keeps", "its")
    return f"{_listed(exact)} {verb} the identity path exact inside {whose} stages."


def _standing(lanes: Lanes) -> str:
    """What stands on the trunk, each kind once with its lanes, and who has no shortcut."""
    groups: dict[str, list[str]] = {}
    plain = []
    for letter, plan in lanes:
        path = identity_path(plan)
        if path.plain:
            plain.append(letter)
        elif not path.exact:
            groups.setdefault(" ".join(path.ops), []).append(letter)
    parts = [f"{ops} in {_listed(letters)}" for ops, letters in groups.items()]
    if parts:
        parts[0] = f"On the trunk between two additions: {parts[0]}"
    if plain:
        parts.append(f"{_listed(plain)} {'have' if len(plain) > 1 else 'has'} no shortcut")
    return f"{'; '.join(parts)}." if parts else ""


def _sizes(lanes: Lanes) -> str:
    groups: dict[int, list[str]] = {}
    for letter, plan in lanes:
        groups.setdefault(plan.params, []).append(letter)
    if len(groups) == 1:
        (params,) = groups
        return f"{'All have' if len(lanes) > 1 else 'It has'} {params:,} parameters (with BN)."
    sizes = "; ".join(f"{_listed(letters)} {params:,}" for params, letters in sorted(groups.items()))
    return f"Parameters differ (with BN): {sizes}."


def _listed(letters: Sequence[str]) -> str:
    """A, B and C."""
    return f"{', '.join(letters[:-1])} and {letters[-1]}" if len(letters) > 1 else letters[0]
