"""The conditions of a probe in words: what is counted, of which batch and weights, through which shortcuts."""

from resnet_explorer.describe.identity_path import identity_path
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.gradients.metrics import INITS, LOSSES, METRICS, SOURCES
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.language.syntax import format_chain
from resnet_explorer.networks.lowering import leading_activations
from resnet_explorer.networks.plan import Plan


def caption(config: ProbeConfig) -> Sentence:
    """What is counted, and under which conditions."""
    metric = METRICS[config.metrics[0]]
    text = (
        "{label}: {meaning}; at initialisation, mean and range of {seeds}, batch of {batch}: {source}; loss: {loss}; "
        "weights: {weights}{norm}."
    )
    return Sentence(
        text,
        {
            "label": metric.label,
            "meaning": metric.meaning,
            "seeds": Sentence("{n} seeds" if config.seeds > 1 else "{n} seed", {"n": config.seeds}),
            "batch": config.batch,
            "source": SOURCES[config.source].meaning,
            "loss": LOSSES[config.loss],
            "weights": INITS[config.init],
            "norm": "" if config.batch_norm else "; batch normalisation left out",
        },
    )


def shortcut(plan: Plan) -> Sentence:
    """What the shortcut carries inside a stage, and where the shape changes."""
    network, path = plan.network, identity_path(plan)
    if path.plain:
        return Sentence("no shortcut")
    inside = Sentence(network.skip or "identity")
    if not path.transitions:
        return inside
    lead = leading_activations(network.unit) if not network.unit.pre else ()
    shared = Sentence(", {ops} shared with the branch", {"ops": format_chain(lead)})
    activation = shared if network.share else ", not activated"
    times = "the {n} changes" if path.transitions > 1 else "the change"
    return Sentence(
        f"{{inside}}; at {times} of shape: {{down}}{{activation}}",
        {
            "inside": inside,
            "n": path.transitions,
            "down": network.down or "identity",
            "activation": activation if lead else "",
        },
    )
