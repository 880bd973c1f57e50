"""Writes fann-cascade.json: FANN's cascade training on two spirals, parity and iris.

    python3 fann-cascade.py libdoublefann.so

FANN trains candidates as Cascade 2 does. With its own settings there are 80 of them, of ten functions and four
steepnesses, which learn by iRprop−; "alike" are settings as near to the paper's as it has: 8 candidates, all tanh,
that learn by Quickprop. It differs from the paper in more than that: candidates' input weights begin at 0 or more,
but for the bias, and shrink with the number of rows' width; the slopes of their output weights count twice; outputs
learn for 50 passes at least, with the arc tangent of the error; and a new unit's output weight is 0.4 times what it
learned. Needs numpy and scikit-learn.
"""

import ctypes
import ctypes.util
import itertools
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_iris

SEEDS, MOST = 10, 40
QUICKPROP, SIGMOID_SYMMETRIC, STOP_BITS, LINEAR_ERROR = 3, 5, 1, 0
# FANN may be built with OpenMP and not say so.
openmp = ctypes.util.find_library("gomp")
if openmp:
    ctypes.CDLL(openmp, mode=ctypes.RTLD_GLOBAL)
fann = ctypes.CDLL(sys.argv[1])
libc = ctypes.CDLL(None)
number, real = ctypes.POINTER(ctypes.c_double), ctypes.c_double
for name in ("fann_create_shortcut_array", "fann_create_train_array"):
    getattr(fann, name).restype = ctypes.c_void_p
fann.fann_run.restype = number
REPORT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint,
                          ctypes.c_float, ctypes.c_uint)


def train(rows, targets, alike, seed):
    """Units, epochs, outputs that are off by more than 0.4 of a width of 1, and what the network says."""
    rows, targets = np.ascontiguousarray(rows, float), np.ascontiguousarray(targets, float)
    sizes = (ctypes.c_uint * 2)(rows.shape[1], targets.shape[1])
    fann.fann_disable_seed_rand()
    libc.srand(seed)
    net = ctypes.c_void_p(fann.fann_create_shortcut_array(2, sizes))
    data = ctypes.c_void_p(fann.fann_create_train_array(
        len(rows), rows.shape[1], rows.ctypes.data_as(number), targets.shape[1], targets.ctypes.data_as(number)))
    fann.fann_set_activation_function_output(net, SIGMOID_SYMMETRIC)
    fann.fann_set_train_stop_function(net, STOP_BITS)
    fann.fann_set_bit_fail_limit(net, real(0.4))
    if alike:
        fann.fann_set_training_algorithm(net, QUICKPROP)
        fann.fann_set_train_error_function(net, LINEAR_ERROR)
        fann.fann_set_cascade_activation_functions(net, (ctypes.c_int * 1)(SIGMOID_SYMMETRIC), 1)
        fann.fann_set_cascade_activation_steepnesses(net, (real * 1)(0.5), 1)
        fann.fann_set_cascade_num_candidate_groups(net, 8)
    seen = []

    def report(net, data, most, every, error, epochs):
        seen.append((epochs, fann.fann_get_bit_fail(ctypes.c_void_p(net))))
        return 0

    callback = REPORT(report)
    fann.fann_set_callback(net, callback)
    fann.fann_cascadetrain_on_data(net, data, MOST, 1, ctypes.c_float(0))
    units = fann.fann_get_total_neurons(net) - fann.fann_get_num_input(net) - 1 - fann.fann_get_num_output(net)
    found = np.array([fann.fann_run(net, row.ctypes.data_as(number))[:targets.shape[1]] for row in rows])
    fann.fann_destroy_train(data)
    fann.fann_destroy(net)
    return units, seen[-1][0], seen[-1][1], found


i = np.arange(97)
angle, radius = i * np.pi / 16, 6.5 * (104 - i) / 104
one = np.stack([radius * np.sin(angle), radius * np.cos(angle)], 1)
iris = load_iris()
cases = {"two spirals": (np.stack([one, -one], 1).reshape(-1, 2), np.tile([[1.0], [-1.0]], (97, 1))),
         "iris": ((iris.data - iris.data.mean(0)) / iris.data.std(0), np.eye(3)[iris.target] * 2 - 1)}
for n in range(3, 9):
    bits = np.array(list(itertools.product((-0.5, 0.5), repeat=n)))
    cases[f"parity {n}"] = (bits, np.where((bits > 0).sum(1) % 2 == 1, 1.0, -1.0)[:, None])

result = {}
for name, (rows, targets) in cases.items():
    for kind in ("own", "alike"):
        runs = [train(rows, targets, kind == "alike", seed) for seed in range(SEEDS)]
        right = [float(((found > 0) == (targets > 0)).all(1).mean()) for *_, found in runs]
        result[f"{name}, {kind}"] = one = {
            "units": [r[0] for r in runs], "epochs": [r[1] for r in runs], "solved": sum(r[2] == 0 for r in runs),
            "accuracy": float(np.mean(right))}
        print(f"{name}, {kind}: {one['solved']} of {SEEDS} solved, units {np.median(one['units']):g} "
              f"({min(one['units'])}–{max(one['units'])}), epochs {np.median(one['epochs']):g}, "
              f"accuracy {one['accuracy']:.4f}", flush=True)
Path(__file__).with_suffix(".json").write_text(json.dumps(result, separators=(",", ":")))
