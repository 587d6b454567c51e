"""A small set of real image files, that tests lay out as folders and archives."""

import io
import tarfile
import zipfile
from pathlib import Path

from PIL import Image

Files = dict[str, bytes]


def picture(value: int, size: tuple[int, int] = (12, 12), form: str = "JPEG") -> bytes:
    """An image of one grey, as the bytes of a file."""
    file = io.BytesIO()
    Image.new("RGB", size, (value, value, value)).save(file, form)
    return file.getvalue()


def two_classes(count: int = 12, top: str = "") -> Files:
    """`count` dark cats and as many bright dogs."""
    shades = {"cat": 40, "dog": 200}
    return {f"{top}{name}/{n:03}.jpg": picture(shade + n % 20) for name, shade in shades.items() for n in range(count)}


def folder(path: Path, files: Files) -> Path:
    """Lay files out below a folder."""
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def archive(path: Path, files: Files) -> Path:
    """Pack files as the ending says."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in files.items():
                packed.writestr(name, content)
        return path
    packing = {".gz": "w:gz", ".tgz": "w:gz", ".xz": "w:xz", ".bz2": "w:bz2"}.get(path.suffix, "w")
    with tarfile.open(path, packing) as tar:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path
