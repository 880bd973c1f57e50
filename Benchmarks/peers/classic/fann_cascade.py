"""FANN beside the topic "two-spirals": fann_cascade.py LIBRARY SEEDS.

FANN trains candidates as Cascade 2 does. With its own settings there are 80 of them, of ten functions and four
steepnesses; "alike" are settings nearer to the paper's: 8 candidates, all of them tanh. It differs from the paper in
more than that: all weights learn by iRprop− (by its Quickprop, with 8 candidates, it told no spirals apart);
candidates' input weights begin at 0 or more, but for the bias, within a range of its own; the slopes of their output
weights count twice; outputs and candidates learn for 50 passes at least; and a new unit's output weight is 0.4 times
what it learned.
"""

import ctypes
import ctypes.util
import itertools
import sys
import time

import numpy as np

from data import answer, named

SEEDS, MOST = int(sys.argv[2]), 40
SIGMOID_SYMMETRIC, STOP_BITS, LINEAR_ERROR = 5, 1, 0
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


def train(rows, targets, others, alike, seed):
    """Units, epochs, outputs that are off by more than 0.4 of a width of 1, and what the network says of others."""
    rows, targets = np.ascontiguousarray(rows, float), np.ascontiguousarray(targets, float)
    sizes = (ctypes.c_uint * 2)(rows.shape[1], targets.shape[1])
    fann.fann_disable_seed_rand()
    libc.srand(seed + 1)  # 0 and 1 are the same
    net = ctypes.c_void_p(fann.fann_create_shortcut_array(2, sizes))
    data = ctypes.c_void_p(fann.fann_create_train_array(
        len(rows), rows.shape[1], rows.ctypes.data_as(number), targets.shape[1], targets.ctypes.data_as(number)))
    fann.fann_set_activation_function_output(net, SIGMOID_SYMMETRIC)
    fann.fann_set_train_stop_function(net, STOP_BITS)
    fann.fann_set_bit_fail_limit(net, real(0.4))
    if alike:
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
    others = np.ascontiguousarray(others, float)
    found = np.array([fann.fann_run(net, row.ctypes.data_as(number))[:targets.shape[1]] for row in others])
    fann.fann_destroy_train(data)
    fann.fann_destroy(net)
    return units, seen[-1][0], seen[-1][1], found


i = np.arange(97)
angle, radius = i * np.pi / 16, 6.5 * (104 - i) / 104
one = np.stack([radius * np.sin(angle), radius * np.cos(angle)], 1)
spirals = np.stack([one, -one], 1).reshape(-1, 2)
signs = np.tile([[1.0], [-1.0]], (97, 1))
cases = {"spirals": (spirals, signs, spirals, signs)}
for n in range(3, 9):
    bits = np.array(list(itertools.product((-0.5, 0.5), repeat=n)))
    odd = np.where((bits > 0).sum(1) % 2 == 1, 1.0, -1.0)[:, None]
    cases[f"parity {n}"] = (bits, odd, bits, odd)
# Every fourth flower is for the test; columns are scaled by what the others are.
rows, species = named("iris")
seen = np.arange(len(rows)) % 4 != 3
rows = (rows - rows[seen].mean(0)) / rows[seen].std(0)
coded = np.eye(3)[species] * 2 - 1
cases["iris"] = (rows[seen], coded[seen], rows[~seen], coded[~seen])

results = {}
for name, (rows, targets, others, expected) in cases.items():
    for kind in ("own", "alike"):
        start = time.perf_counter()
        runs = [train(rows, targets, others, kind == "alike", seed) for seed in range(SEEDS)]
        seconds = (time.perf_counter() - start) / SEEDS
        if expected.shape[1] == 1:
            right = [float(((run[3] > 0) == (expected > 0)).mean()) for run in runs]
        else:
            right = [float((run[3].argmax(1) == expected.argmax(1)).mean()) for run in runs]
        results[f"{name}, {kind}"] = one = {
            "units": [run[0] for run in runs], "epochs": [run[1] for run in runs],
            "solved": sum(run[2] == 0 for run in runs), "accuracy": right, "seconds": seconds}
        print(name, kind, one["solved"], np.median(one["units"]), np.median(one["epochs"]), round(seconds, 2),
              file=sys.stderr, flush=True)
answer(results=results)
