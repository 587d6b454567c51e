"""What a form that launches runs shows: recipes, data sets, fields, each with its meaning."""

from dataclasses import fields

from resnet_explorer.api.run_answers import Choices, DataChoice, FieldChoice, RecipeChoice
from resnet_explorer.runs.datasets import AUGMENT, DATA_SETS, FOLDERS, LEVELS, NORMALISE, Data
from resnet_explorer.runs.experiment import settings_of
from resnet_explorer.runs.recipes import DECAY, ENGINES, INITS, OPTIMISERS, PRECISIONS, RECIPES, SCHEDULES, Recipe

NAMES = {
    "optimiser": OPTIMISERS,
    "schedule": SCHEDULES,
    "decay": DECAY,
    "init": INITS,
    "precision": PRECISIONS,
    "engine": ENGINES,
    "normalise": NORMALISE,
    "augment": AUGMENT,
    "channels_last": ("on", "off"),
}
MEANINGS = {
    "optimiser": "stochastic gradient descent, the same with Nesterov's momentum, AdamW, or Muon",
    "lr": "learning rate at its highest",
    "momentum": "share of the last step that is taken again",
    "weight_decay": "share of each weight, times the learning rate, that is taken off each step",
    "decay": "whether all parameters decay, or weights alone: no normalisation, no bias",
    "schedule": "how the learning rate goes on after the warm-up",
    "milestones": "steps after which the learning rate is multiplied by factor, such as 150/225",
    "factor": "what the learning rate is multiplied by at each milestone",
    "warmup": "steps at the beginning in which the learning rate rises from 0",
    "warmup_lr": "learning rate of the warm-up if it shall stay the same; 0 means that it rises",
    "batch": "images in a step",
    "steps": "how many steps",
    "epochs": "how often all training images are seen, if above 0; it counts instead of steps",
    "clip": "the largest norm of all gradients together; a larger one is scaled down; 0 means none",
    "init": "how the first weights are drawn",
    "smoothing": "share of the target that is spread over all classes (label smoothing)",
    "precision": "number format of the convolutions: auto takes what is fastest here",
    "channels_last": "store images with their channels together, which is faster on most machines",
    "engine": "eager runs layer by layer, compile fuses layers (a minute of waiting), graph replays steps on a GPU",
    "ema": "decay of a running mean of the weights, which is what is evaluated; 0 means none",
    "evaluate": "measure held-out images every so many steps; 0 means at the end alone",
    "save": "keep a checkpoint every so many steps; 0 means at the end alone",
    "measure": "measure gradient flow, unit by unit, every so many steps; 0 means never",
    "size": "pixels a side that images are brought to, 8 to 64; 0 means the data set's own",
    "subset": "how many training images; 0 means all",
    "test": "how many held-out images; 0 means all",
    "normalise": "what is subtracted and divided by before the first layer",
    "augment": "what is done to training images each time they are seen",
    "width": "what the network's widths are multiplied by, such as 1/2",
}


def choices(folders: bool) -> Choices:
    """Recipes, data sets and fields; image folders only where a visitor may name one."""
    return Choices(
        recipes=[RecipeChoice(name=n, meaning=r.meaning, settings=settings_of(n)) for n, r in RECIPES.items()],
        data=[_data_choice(name) for name in _data_names() if folders or name not in FOLDERS],
        fields=[
            FieldChoice(name=name, meaning=MEANINGS[name], names=list(NAMES.get(name, ()))) for name in _field_names()
        ],
        folders=folders,
    )


def _data_names() -> list[str]:
    names = list(DATA_SETS)
    return [names[0], *(f"{names[0]}:{level}" for level in LEVELS[1:]), *names[1:]]


def _data_choice(name: str) -> DataChoice:
    data = DATA_SETS[name.partition(":")[0]]
    meaning = f"{data.meaning}; small, turned, crowded and noisy" if ":" in name else data.meaning
    return DataChoice(
        name=name,
        meaning=meaning,
        classes=data.classes,
        size=data.size,
        train=data.train,
        test=data.test,
        download=data.download,
    )


def _field_names() -> list[str]:
    hidden = {"name", "path", "level"}
    return [field.name for field in (*fields(Recipe), *fields(Data)) if field.name not in hidden] + ["width"]
