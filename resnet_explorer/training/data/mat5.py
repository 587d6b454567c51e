"""Numeric arrays from a MATLAB 5 file, the format of SVHN; so that SciPy need not be installed for it.

MAT-File Format (MathWorks): after 128 bytes of header, elements of a type, a length, and data in steps of 8.
"""

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from resnet_explorer.errors import DataError

HEADER = 128
MATRIX, COMPRESSED = 14, 15
# the types of data that SVHN has, as numpy spells them
TYPES = {1: "<i1", 2: "<u1", 3: "<i2", 4: "<u2", 5: "<i4", 6: "<u4", 9: "<f8"}
Array = NDArray[np.generic]


def read_arrays(file: bytes) -> dict[str, Array]:
    """The numeric arrays of a file by name; raises DataError for any other file."""
    try:
        return dict(_array(part) for kind, part in _elements(file[HEADER:]) if kind == MATRIX)
    except (struct.error, zlib.error, KeyError, ValueError, StopIteration) as error:
        raise DataError(f"this is no MATLAB 5 file of numbers ({type(error).__name__})") from None


def _elements(raw: bytes | memoryview) -> Iterator[tuple[int, memoryview]]:
    view, position = memoryview(raw), 0
    while position + 8 <= len(view):
        kind, length = struct.unpack_from("<II", view, position)
        start, step = position + 8, length + (-length % 8 if kind != COMPRESSED else 0)
        if kind >> 16:
            # a small element has its length beside its type, and its data in the same 8 bytes
            kind, length, start, step = kind & 0xFFFF, kind >> 16, position + 4, 4
        if start + length > len(view):
            raise ValueError(length)
        part = view[start : start + length]
        if kind == COMPRESSED:
            yield from _elements(zlib.decompress(part))
        else:
            yield kind, part
        position = start + step


def _array(matrix: memoryview) -> tuple[str, Array]:
    """The name and the array of a matrix element: flags, dimensions, name and numbers in Fortran's order."""
    (_, _), (_, dims), (_, name), (kind, numbers), *_ = _elements(matrix)
    shape = np.frombuffer(dims, "<i4")
    return bytes(name).decode(), np.frombuffer(numbers, TYPES[kind]).reshape(shape, order="F")
