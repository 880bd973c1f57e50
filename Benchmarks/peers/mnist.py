"""MNIST's training rows from their IDX files, plain or with .gz."""

import gzip
import pathlib

import numpy


def read(folder, name):
    for path in (pathlib.Path(folder) / name, pathlib.Path(folder) / f"{name}.gz"):
        if path.exists():
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rb") as file:
                return file.read()
    raise FileNotFoundError(f"{folder}: no {name} or {name}.gz")


def training_rows(folder):
    """Pixels [60000, 784] of 0…1 in Float32, and class numbers."""
    images = numpy.frombuffer(read(folder, "train-images-idx3-ubyte"), numpy.uint8, offset=16)
    labels = numpy.frombuffer(read(folder, "train-labels-idx1-ubyte"), numpy.uint8, offset=8)
    return images.reshape(-1, 784).astype(numpy.float32) / 255, labels.astype(numpy.int64)
