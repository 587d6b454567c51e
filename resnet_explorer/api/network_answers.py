"""What the verbs answer, as JSON."""

from typing import TypedDict


class MemoryAnswer(TypedDict):
    """Bytes of one training step with SGD and momentum."""

    batch: int
    precision: str
    weights: int
    gradients: int
    optimiser: int
    activations: int
    working: int
    training: int


class TrunkAnswer(TypedDict):
    """The ops between two additions, and those on the shortcut where the shape changes."""

    exact: bool
    ops: list[str]
    transition: list[str]
    transitions: int
    verdict: str


class UnitAnswer(TypedDict):
    """One unit; parameters and MACs for one image, memory in bytes for the batch."""

    stage: int
    unit: int
    shape: list[int]
    params: int
    macs: int
    memory: int
    receptive_field: int


class LayerAnswer(TypedDict):
    """One layer; memory is what it keeps for the backward pass, in bytes for the batch."""

    stage: int
    unit: int
    part: str
    op: str
    shape: list[int]
    params: int
    macs: int
    memory: int


class Totals(TypedDict):
    """A network in one line."""

    id: str
    name: str
    ordering: str
    block: str
    depth: int
    params: int
    params_without_bn: int
    macs: int
    memory: MemoryAnswer
    receptive_field: int
    trunk: TrunkAnswer


class Description(Totals):
    """A network with all its units and layers."""

    units: list[UnitAnswer]
    layers: list[LayerAnswer]


class StageAnswer(TypedDict):
    """One stage: its width, how many units it has, and the stride of the first."""

    width: int
    depth: int
    stride: int


class Outline(Totals):
    """A network in one line, its stages, and every field as text; `own` is the ordering of its family itself."""

    family: str
    input: list[int]
    output: list[int]
    image: int
    stages: list[StageAnswer]
    fields: dict[str, str]
    own: str
    orderings: bool
    plain: bool


class DifferenceAnswer(TypedDict):
    """One line of the difference of two networks; the sign says which of the two has it (' ': both)."""

    sign: str
    stage: int
    unit: int
    part: str
    op: str
    shape: list[int]
    params: int
    macs: int


class ChangeAnswer(TypedDict):
    """One change in words, and the units it holds for: as stage and number, and in short; none for stem and head."""

    sentence: str
    units: list[list[int]]
    where: str


class Comparison(TypedDict):
    """Networks side by side; of exactly two, also the difference, in equal changes and layer by layer."""

    networks: list[Totals]
    summary: list[ChangeAnswer]
    difference: list[DifferenceAnswer]


class SourceAnswer(TypedDict):
    """A network as PyTorch source."""

    name: str
    code: str


class EquationAnswer(TypedDict):
    """A unit in LaTeX, and the verdict on the identity path in words."""

    name: str
    block: str
    forward: str
    branch: str
    backward: str
    unrolled: str
    exact: bool
    verdict: str


class KnobAnswer(TypedDict):
    """One number or choice in a name; `by` gives the values for each value of the knob `other`."""

    name: str
    meaning: str
    values: list[str]
    smallest: int
    step: int
    most: int
    other: str
    by: dict[str, list[str]]


class FamilyAnswer(TypedDict):
    """Networks that share a name but for numbers; the template says where in the name they stand."""

    name: str
    template: str
    knobs: list[KnobAnswer]
    sizes: str
    example: str
    paper: str
    year: int


class OrderingAnswer(TypedDict):
    """A named ordering, as a basic unit, with the errors its paper gives for CIFAR-10, in %, by depth."""

    name: str
    block: str
    paper: str
    year: int
    errors: dict[str, float]


class ParameterAnswer(TypedDict):
    """One argument of a word: kind is switch, whole, number, wholes or choice."""

    name: str
    kind: str
    default: str
    choices: list[str]


class WordAnswer(TypedDict):
    """A word of the language."""

    name: str
    arguments: str
    meaning: str
    merges: bool
    parameters: list[ParameterAnswer]


class PaperAnswer(TypedDict):
    """A published source."""

    authors: str
    year: int
    title: str
    arxiv: str


class Catalog(TypedDict):
    """What there is."""

    families: list[FamilyAnswer]
    orderings: list[OrderingAnswer]
    words: list[WordAnswer]
    palette: dict[str, list[str]]
    papers: dict[str, PaperAnswer]
    settings: list[str]
