"""Where the gradient travels: its parts that passed no branch, one, two ..., and what each unit's branch adds to it.

From the last unit to the first, the gradient is held as one part for each number of branches passed; a unit sends each
part on by the shortcut, and by the branch to the next number. The sum of all parts is the gradient, which an ordinary
backward pass gives as well.
"""

from collections.abc import Iterator, Sequence
from math import sqrt

import torch
import torch.nn.functional as F
from torch import Tensor

from resnet_explorer.analyses.pullback import NetGraph, check, chunk_size, follow, has_shortcut, pieces
from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.settings import GradientPathsSettings
from resnet_explorer.analyses.subject import Subject

# images in one pass
CHUNK = 4


def measure(subjects: Sequence[Subject], settings: GradientPathsSettings) -> Iterator[Part]:
    """Each lane's parts over the images so far, a few images of each lane in turn."""
    for subject in subjects:
        check(subject)
    size = chunk_size(subjects, min(CHUNK, settings.images))
    lanes = [_Lane(subject, settings, size) for subject in subjects]
    of, done = sum(len(lane.chunks) * lane.steps for lane in lanes), 0
    for turn in range(max((len(lane.chunks) for lane in lanes), default=0)):
        for number, lane in enumerate(lanes):
            if turn < len(lane.chunks):
                for _ in lane.add(*lane.chunks[turn]):
                    done += 1
                    yield Part(number, done, of, lane.values())


class _Lane:
    """A network, and sums of squares and inner products over images, in double precision."""

    def __init__(self, subject: Subject, settings: GradientPathsSettings, size: int) -> None:
        self.subject = subject
        count = len(subject.units)
        self.longest = min(count, settings.longest)
        images = min(settings.images, len(subject.x))
        self.chunks = list(zip(*(torch.split(each[:images], size) for each in (subject.x, subject.labels))))
        self.steps = pieces(subject, size, count * self.longest)
        self.energy: dict[str, Tensor] = {}
        self.error = 0.0
        self.seen = 0

    def add(self, x: Tensor, labels: Tensor) -> Iterator[None]:
        """Pull a chunk's gradient back through all units, in pieces."""
        graph = follow(self.subject.net, x, labels)
        count = len(graph.units)
        stops = {count * piece // self.steps for piece in range(1, self.steps)}
        walk = _walk(graph, self.longest)
        norms = [(graph.gradient, graph.gradient)]
        terms = added = graph.gradient[None]
        for number, parts in enumerate(walk, start=1):
            terms, added = parts
            norms.append((terms[0], terms.sum(0)))
            if number in stops:
                yield
        self._finish(terms, added, norms, _backward(self.subject, graph, labels))
        self.seen += len(x)
        yield

    def _finish(self, terms: Tensor, added: Tensor, norms: Sequence[tuple[Tensor, Tensor]], whole: Tensor) -> None:
        off = float((terms.sum(0) - whole).norm()) / max(float(whole.norm()), 1e-300)
        self.error = max(self.error, off)
        self._sum("terms", torch.stack([_dot(term, term) for term in terms]))
        self._sum("term_share", torch.stack([_dot(term, whole) for term in terms]))
        # the branches were met from the last unit to the first
        self._sum("branches", torch.stack([_dot(part, part) for part in added.flip(0)]))
        self._sum("share", torch.stack([_dot(part, whole) for part in added.flip(0)]))
        self._sum("direct", torch.stack([_dot(direct, direct) for direct, _ in reversed(norms)]))
        self._sum("whole", torch.stack([_dot(each, each) for _, each in reversed(norms)]))

    def _sum(self, name: str, more: Tensor) -> None:
        self.energy[name] = self.energy[name] + more if name in self.energy else more

    def values(self) -> dict[str, object]:
        if not self.seen:
            return {"images": 0}
        sums = {name: each.tolist() for name, each in self.energy.items()}
        whole = sums["whole"][0] or 1.0
        direct = [sqrt(one / all_) if all_ else 0.0 for one, all_ in zip(sums["direct"], sums["whole"], strict=True)]
        return {
            "error": self.error,
            "terms": [sqrt(each / whole) for each in sums["terms"]],
            "term_share": [each / whole for each in sums["term_share"]],
            "branches": [sqrt(each / whole) for each in sums["branches"]],
            "share": [each / whole for each in sums["share"]],
            "direct": direct,
            "whole": [sqrt(each / self.seen) for each in sums["whole"]],
            "cosine": sums["term_share"][0] / whole / direct[0] if direct[0] else 0.0,
            "lumped": self.longest < len(sums["share"]),
            "shortcuts": any(map(has_shortcut, self.subject.units)),
            "images": self.seen,
        }


def _walk(graph: NetGraph, longest: int) -> Iterator[tuple[Tensor, Tensor]]:
    """After each unit, from the last on: the parts by branches passed, and what each branch so far has added."""
    terms, added = graph.gradient[None], graph.gradient.new_empty((0, *graph.gradient.shape))
    for unit in reversed(graph.units):
        count = len(terms)
        merged = unit.to_merge(torch.cat([terms, added]))
        straight, branch = unit.by_shortcut(merged), unit.by_branch(merged[:count])
        terms = torch.cat([straight[:count], torch.zeros_like(branch[:1])])
        terms[1:] += branch
        if count > longest:
            terms = torch.cat([terms[:-2], terms[-2:].sum(0, keepdim=True)])
        added = torch.cat([straight[count:], branch.sum(0, keepdim=True)])
        yield terms, added


@torch.enable_grad()
def _backward(subject: Subject, graph: NetGraph, labels: Tensor) -> Tensor:
    """The gradient by the first unit's input, as one backward pass of the network gives it."""
    x = graph.units[0].x.detach().requires_grad_()
    y = subject.net.head(subject.net.stages(x))
    (gradient,) = torch.autograd.grad(F.cross_entropy(y, labels, reduction="sum"), x)
    return gradient


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return (a.double() * b.double()).sum()
