#!/usr/bin/env python3
"""Prints the FLOPs a second of NumPy's product of two 4096×4096 Float32 matrices, the best of
several. OpenBLAS's kernels are chosen by the environment (OPENBLAS_CORETYPE)."""

import json
import time

import numpy

SIZE = 4096


def main():
    a = numpy.full((SIZE, SIZE), 0.5, dtype=numpy.float32)
    b, c = a.copy(), numpy.empty_like(a)
    times = []
    for _ in range(6):
        begin = time.perf_counter()
        numpy.matmul(a, b, out=c)
        times.append(time.perf_counter() - begin)
    print(json.dumps({
        "product": 2 * SIZE**3 / min(times), "version": f"NumPy {numpy.__version__}"}))


if __name__ == "__main__":
    main()
