"""MATLAB files, as SciPy writes them."""

import base64

import numpy as np
import pytest

from resnet_explorer.errors import DataError
from resnet_explorer.training.data.mat5 import HEADER, read_arrays

# what scipy.io.savemat(..., do_compression=True) wrote of the two arrays below, without its header
PACKED = base64.b64decode(
    "SU0PAAAAQAAAAHic42NgYAgAYjYg5gBiTgYIYAViASBmgmJmKM0IhBFQtgRIIQ+bEBMfhwiLAJcYIy+7MDM/pyirILc4AEigAhwPAAAAKQAAAHic"
    "42NgYDAAYjYg5gBiTgYIYIXymYCYEYwZGSrBfCYGLmYGBgAYywDy"
)
FILE = b"MATLAB 5.0 MAT-file".ljust(HEADER - 2) + PACKED


def test_the_numbers_are_where_they_were() -> None:
    by_name = read_arrays(FILE)
    assert np.array_equal(by_name["X"], np.arange(24, dtype=np.uint8).reshape(2, 2, 3, 2))
    assert by_name["y"].tolist() == [[10], [3]]


@pytest.mark.parametrize("spoiled", [FILE[:-9], FILE[:HEADER] + b"\x0f\0\0\0\x08\0\0\0nonsense", FILE[:150]])
def test_a_broken_file_is_one_sentence(spoiled: bytes) -> None:
    with pytest.raises(DataError, match="this is no MATLAB 5 file of numbers"):
        read_arrays(spoiled)
