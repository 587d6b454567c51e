"""The verbs that show images: predictions, feature-maps, training-images; their pictures are written as PNG files."""

import argparse
import json
from base64 import b64decode
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_explorer.cli.arguments import Verb, add_json, settings
from resnet_explorer.describe.text_tables import Cell, aligned
from resnet_explorer.errors import RunError
from resnet_explorer.runs.datasets import DATA_SETS
from resnet_explorer.runs.recipes import RECIPES
from resnet_explorer.runs.run_folder import resolve_home

if TYPE_CHECKING:
    from resnet_explorer.api.run_images import FeatureMaps, Predictions, RunImages

# a picture's name and its data URI
Picture = tuple[str, str]


def add(verb: Verb) -> None:
    """Add the verbs to a parser."""
    predictions = verb("predictions", "what a run's network takes test images for", _predictions)
    _add_run(predictions)
    _add_count(predictions)
    maps = verb("feature-maps", "what the stem and each stage make of one test image", _feature_maps)
    _add_run(maps)
    maps.add_argument("--image", type=int, default=0, metavar="N", help="its number, as predictions gives it (0)")
    training = verb("training-images", "the first images that a run would train on", _training_images)
    training.add_argument("--data", default="shapes", metavar="D", help=f"{', '.join(DATA_SETS)}:PATH (shapes)")
    training.add_argument("--recipe", default="short", metavar="R", help=f"{', '.join(RECIPES)} (short)")
    training.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="such as augment=crop-flip")
    training.add_argument("--seed", type=int, default=0, metavar="S", help="of the run (0)")
    _add_count(training)
    for parser in (predictions, maps, training):
        parser.add_argument("--output", default="", metavar="FOLDER", help="write the pictures there, as PNG")
        add_json(parser)


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="the first letters of its id")
    parser.add_argument("--step", type=int, default=0, metavar="N", help="whose weights; 0 for the newest kept (0)")


def _add_count(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=24, metavar="N", help="how many images (24)")


def _images_of(options: argparse.Namespace) -> "RunImages":
    """The images of the home's runs; imported when a verb is called, since the index of runs loads sqlite."""
    runs = import_module("resnet_explorer.api.runs").Runs(resolve_home(options.home))
    images: RunImages = import_module("resnet_explorer.api.run_images").RunImages(runs)
    return images


def _predictions(options: argparse.Namespace) -> str:
    answer = _images_of(options).predictions(options.run, options.step, options.count)
    pictures = [(f"{image['image']}-{image['label']}", image["png"]) for image in answer["images"]]
    written = _write(pictures, options.output)
    if options.json:
        return json.dumps(answer, indent=1)
    if answer["images"] and answer["images"][0]["points"]:
        return "\n".join([_points_table(answer), *written])
    header = ["image", "class", "taken for", "probability", "of its class"]
    rows: list[list[Cell]] = [
        [image["image"], image["label"], image["predicted"], image["probability"], image["of_label"]]
        for image in answer["images"]
    ]
    share = f"{answer['right']} of {answer['of']} test images are right after step {answer['step']:,}"
    return "\n".join([aligned(header, rows), share, *written])


def _points_table(answer: "Predictions") -> str:
    """Where each point is and where it is found, in shares of the image's side."""
    header = ["image", "point", "x", "y", "found x", "found y", "right"]
    rows: list[list[Cell]] = [
        [image["image"], point["name"], point["x"], point["y"], point["found_x"], point["found_y"], right]
        for image in answer["images"]
        for point in image["points"]
        if point["x"] is not None and point["y"] is not None
        for right in ("yes" if point["right"] else "no",)
    ]
    share = f"{answer['right']} of {answer['of']} points are found after step {answer['step']:,} ({answer['measure']})"
    return f"{aligned(header, rows)}\n{share}"


def _feature_maps(options: argparse.Namespace) -> str:
    answer = _images_of(options).feature_maps(options.run, options.image, options.step)
    written = _write(_pictures_of(answer), options.output)
    if options.json:
        return json.dumps(answer, indent=1)
    header = ["stage", "channels", "size", "strongest channels"]
    rows: list[list[Cell]] = [
        [
            stage["name"],
            stage["shape"][0],
            "×".join(map(str, stage["shape"][1:])),
            ", ".join(str(channel["channel"]) for channel in stage["channels"]),
        ]
        for stage in answer["stages"]
    ]
    about = f"image {answer['image']} ({answer['label']}) after step {answer['step']:,}"
    return "\n".join([about, aligned(header, rows), *written])


def _pictures_of(maps: "FeatureMaps") -> list[Picture]:
    """The image itself, and of each stage the mean and the strongest channels."""
    pictures = [(f"{maps['image']}-{maps['label']}", maps["png"])]
    for stage in maps["stages"]:
        name = stage["name"].replace(" ", "-")
        pictures.append((f"{name}-mean", stage["mean"]))
        pictures += [(f"{name}-channel-{channel['channel']}", channel["png"]) for channel in stage["channels"]]
    return pictures


def _training_images(options: argparse.Namespace) -> str:
    images = _images_of(options)
    answer = images.training_images(options.data, options.recipe, settings(options.set), options.seed, options.count)
    pictures = [(f"{number}-{image['label']}", image["png"]) for number, image in enumerate(answer["images"])]
    written = _write(pictures, options.output)
    if options.json:
        return json.dumps(answer, indent=1)
    about = f"{answer['data']} at {answer['size']}×{answer['size']}, augment {answer['augment']}"
    total = f"the first of a batch of {answer['batch']}, from {answer['train']:,} in {len(answer['classes'])} classes"
    return "\n".join([f"{about}: {total}", ", ".join(image["label"] for image in answer["images"]), *written])


def _write(pictures: Sequence[Picture], output: str) -> list[str]:
    """Write each picture to a file of its name, and say how many there are; nothing where no folder is named."""
    if not output:
        return []
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, uri in pictures:
            # a class of an image folder is named by whoever made the folder
            plain = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in name)
            (folder / f"{plain}.png").write_bytes(b64decode(uri.partition(",")[2]))
    except OSError as error:
        raise RunError(f"cannot write to {output}: {error.strerror}") from None
    return [f"{output}: {len(pictures)} pictures"]
