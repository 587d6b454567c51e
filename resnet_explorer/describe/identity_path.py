"""The ops on the trunk between two additions, which decide whether the identity path is exact."""

from typing import NamedTuple

from resnet_explorer.language.parser import parse_chain
from resnet_explorer.language.syntax import Op, Ops
from resnet_explorer.networks.lowering import leading_activations
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan


class IdentityPath(NamedTuple):
    """The ops on the trunk inside a stage, and those on the shortcut where the shape changes."""

    plain: bool
    exact: bool
    ops: tuple[str, ...]
    transition: tuple[str, ...]
    transitions: int


def identity_path(plan: Plan) -> IdentityPath:
    """The identity path of a network."""
    network, block = plan.network, plan.network.unit
    changing = sum(run.unit.changes for run in plan.runs())
    if block.merge is None:
        return IdentityPath(True, False, _texts(block.branch), (), changing)
    merge = (block.merge,) if block.merge.name == "blend" else ()
    ops = _texts((*block.pre, *parse_chain(network.skip), *merge, *block.post))
    return IdentityPath(False, not ops, ops, _transition_ops(network), changing)


def verdict(path: IdentityPath) -> str:
    """One sentence on the identity path."""
    ops = ", ".join(path.ops)
    if path.plain:
        return f"There is no shortcut: the signal passes through {ops} in every unit."
    if not path.exact:
        stands = "stands" if len(path.ops) == 1 else "stand"
        return f"{ops} {stands} on the trunk between two additions, so x_L = x_l + sum F does not hold."
    text = "Nothing stands on the trunk between two additions, so within a stage x_L = x_l + sum F holds exactly"
    if not path.transitions or not path.transition:
        return f"{text}."
    where = f"{path.transitions} place{'s' if path.transitions > 1 else ''}"
    return f"{text}; at the {where} where the shape changes the shortcut carries {', '.join(path.transition)}."


def non_identity_ops(ops: Ops) -> Ops:
    """The ops that change what passes through them."""
    return tuple(op for op in ops if not _is_identity(op))


def _transition_ops(network: Network) -> tuple[str, ...]:
    block = network.unit
    shared = leading_activations(block) if network.share and not block.pre else ()
    return _texts((*shared, *parse_chain(network.down)))


def _texts(ops: Ops) -> tuple[str, ...]:
    return tuple(map(str, non_identity_ops(ops)))


def _is_identity(op: Op) -> bool:
    """Whether an op passes its input on as it is, in training too."""
    args = op.arguments
    if op.name == "scale":
        return args.get("value", 1.0) == 1.0 and not args.get("learned", False)
    return op.name == "identity" or (op.name in ("dropout", "droppath") and args.get("p") == 0.0)
