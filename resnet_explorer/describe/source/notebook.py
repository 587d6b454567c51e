"""A network as a notebook that builds, checks and trains it a little, and needs nothing but torch."""

import json
from textwrap import dedent

from resnet_explorer.describe.source.network import export
from resnet_explorer.networks.plan import Plan

MOST_STEPS, LEAST_STEPS, MOST_BATCH = 40, 5, 32
# multiply-adds that a laptop does in a minute or so
MOST_OPERATIONS = 3 * 10**11
CIFAR = 3 * 32 * 32


def notebook(plan: Plan, title: str = "A residual network") -> str:
    """The text of an .ipynb file."""
    cells = [
        _text_cell(f"# {title}\n\n{_write_summary(plan)}"),
        _code_cell(_write_source(plan, title)),
        _text_cell("The network is what was promised: so many parameters, and an output of this shape."),
        _code_cell(_write_check(plan)),
        _text_cell(_describe_data(plan)),
        _code_cell(_write_data(plan)),
        _text_cell(f"{_step_count(plan)} steps of SGD with momentum, enough to see the loss fall."),
        _code_cell(_write_training(plan)),
    ]
    cells = [{**cell, "id": f"cell-{i}"} for i, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def _write_summary(plan: Plan) -> str:
    return (
        f"Unit: `{plan.network.block}`\n\n"
        f"{plan.params:,} parameters ({plan.params_without_bn:,} without those of batch normalisation), "
        f"{plan.macs:,} multiply-adds for one image of {plan.image}."
    )


def _write_source(plan: Plan, title: str) -> str:
    return export(plan, title).partition("\n\nif __name__")[0].rstrip()


def _write_check(plan: Plan) -> str:
    x, y = plan.image, plan.output
    return dedent(f"""\
        import torch
        import torch.nn.functional as F

        torch.manual_seed(0)
        net = Net()
        count = sum(p.numel() for p in net.parameters())
        assert count == {plan.params}, count
        with torch.no_grad():
            y = net.eval()(torch.randn(1, {x.c}, {x.h}, {x.w}))
        assert y.shape == (1, {", ".join(map(str, y.dims))}), y.shape
        print(f"{{count:,}} parameters, output {{tuple(y.shape)}}")""")


def _describe_data(plan: Plan) -> str:
    places = "" if plan.output.flat else " At every place of the output the class of the whole image is asked for."
    return f"A small data set made here: each class is a pattern, each image one of them under noise.{places}"


def _write_data(plan: Plan) -> str:
    x, classes, batch = plan.image, min(10, plan.output.c), _batch_size(plan)
    return dedent(f"""\
        patterns = F.interpolate(torch.randn({classes}, {x.c}, 4, 4), size=({x.h}, {x.w}))


        def batches():
            while True:
                labels = torch.randint({classes}, ({batch},))
                yield patterns[labels] + 0.5 * torch.randn({batch}, {x.c}, {x.h}, {x.w}), labels


        data = batches()
        {_real_data_line(plan, batch)}""")


def _real_data_line(plan: Plan, batch: int) -> str:
    """A comment on how to use real images instead."""
    if plan.image.size != CIFAR:
        return f"# real images: data = torch.utils.data.DataLoader(your_data_set, batch_size={batch}, shuffle=True)"
    return (
        "# CIFAR-10: from torchvision import datasets, transforms as T; data = torch.utils.data.DataLoader("
        'datasets.CIFAR10("data", download=True, transform=T.ToTensor()), batch_size=128, shuffle=True)'
    )


def _write_training(plan: Plan) -> str:
    dense = "" if plan.output.flat else "\n    labels = labels[:, None, None].expand(-1, *y.shape[2:])"
    return dedent(f"""\
        optimiser = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
        losses = []
        net.train()
        for step, (images, labels) in zip(range({_step_count(plan)}), data):
            y = net(images)@
            loss = F.cross_entropy(y, labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
            if step % 5 == 0:
                print(f"step {{step}}: loss {{losses[-1]:.3f}}")
        print(f"loss {{losses[0]:.3f}} -> {{losses[-1]:.3f}}")""").replace("@", dense)


def _batch_size(plan: Plan) -> int:
    """Images in a batch, fewer where each takes much work; a backward pass counts twice."""
    return max(2, min(MOST_BATCH, MOST_OPERATIONS // MOST_STEPS // (3 * max(1, plan.macs))))


def _step_count(plan: Plan) -> int:
    return max(LEAST_STEPS, min(MOST_STEPS, MOST_OPERATIONS // (3 * max(1, plan.macs) * _batch_size(plan))))


def _text_cell(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def _code_cell(source: str) -> dict[str, object]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines}
