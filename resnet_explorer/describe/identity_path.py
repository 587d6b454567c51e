"""What stands on the trunk between two additions: the one thing that decides whether the identity path is exact."""

from typing import NamedTuple

from resnet_explorer.language.parser import parse_chain
from resnet_explorer.language.syntax import Op, Ops
from resnet_explorer.networks.lowering import leading_activations
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan


class IdentityPath(NamedTuple):
    """The words on the trunk inside a stage, and those on the shortcut where the shape changes."""

    plain: bool
    exact: bool
    ops: tuple[str, ...]
    transition: tuple[str, ...]
    transitions: int


def identity_path(plan: Plan) -> IdentityPath:
    """Read the trunk off a network."""
    network, block = plan.network, plan.network.unit
    changing = sum(run.unit.changes for run in plan.runs())
    if block.merge is None:
        return IdentityPath(True, False, _spelled(block.branch), (), changing)
    gates = (block.merge,) if block.merge.name == "blend" else ()
    ops = _spelled((*block.pre, *parse_chain(network.skip), *gates, *block.post))
    return IdentityPath(False, not ops, ops, _transition(network), changing)


def verdict(found: IdentityPath) -> str:
    """One sentence in words on the identity path."""
    ops = ", ".join(found.ops)
    if found.plain:
        return f"There is no shortcut: the signal passes through {ops} in every unit."
    if not found.exact:
        stands = "stands" if len(found.ops) == 1 else "stand"
        return f"{ops} {stands} on the trunk between two additions, so x_L = x_l + sum F does not hold."
    text = "Nothing stands on the trunk between two additions, so within a stage x_L = x_l + sum F holds exactly"
    if not found.transitions or not found.transition:
        return f"{text}."
    where = f"{found.transitions} place{'s' if found.transitions > 1 else ''}"
    return f"{text}; at the {where} where the shape changes the shortcut carries {', '.join(found.transition)}."


def non_identity_ops(words: Ops) -> Ops:
    """The words that change what passes through them."""
    return tuple(word for word in words if not _inert(word))


def _transition(network: Network) -> tuple[str, ...]:
    block = network.unit
    shared = leading_activations(block) if network.share and not block.pre else ()
    return _spelled((*shared, *parse_chain(network.down)))


def _spelled(words: Ops) -> tuple[str, ...]:
    return tuple(map(str, non_identity_ops(words)))


def _inert(word: Op) -> bool:
    """Whether a word passes its input on as it is, in training too."""
    args = word.arguments
    if word.name == "scale":
        return args.get("value", 1.0) == 1.0 and not args.get("learned", False)
    return word.name == "identity" or (word.name in ("dropout", "droppath") and args.get("p") == 0.0)
