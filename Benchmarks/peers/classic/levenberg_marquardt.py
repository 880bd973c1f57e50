"""Levenberg and Marquardt's rule in SciPy, and scikit-learn's L-BFGS network, on rows and a start that a
file holds.

Usage: levenberg_marquardt.py fit FILE STEPS | levenberg_marquardt.py classes FILE STEPS
Prints one line of JSON. FILE is JSON: inputs, targets (numbers, or classes in one row of indicators
each), weights (hidden.weight, hidden.bias, output.weight, output.bias, one behind the other), hidden;
for classes also testInputs, testClasses and trainClasses.
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import least_squares

task, path, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(path) as file:
    given = json.load(file)
x, t = np.array(given["inputs"]), np.array(given["targets"])
start, hidden = np.array(given["weights"]), given["hidden"]
inputs, outputs = x.shape[1], t.shape[1]
cuts = np.cumsum([inputs * hidden, hidden, hidden * outputs])


def parts(w):
    v, a, u, b = np.split(w, cuts)
    return v.reshape(inputs, hidden), a, u.reshape(hidden, outputs), b


def predicted(w, x):
    v, a, u, b = parts(w)
    return np.tanh(x @ v + a) @ u + b


def errors(w):
    return (predicted(w, x) - t).T.ravel()


def jacobian(w):
    v, a, u, b = parts(w)
    h = np.tanh(x @ v + a)
    blocks = []
    for k in range(outputs):
        d = (1 - h * h) * u[:, k]
        gu = np.zeros((len(x), hidden, outputs))
        gu[:, :, k] = h
        gb = np.zeros((len(x), outputs))
        gb[:, k] = 1
        first = (x[:, :, None] * d[:, None, :]).reshape(len(x), -1)
        blocks.append(np.hstack([first, d, gu.reshape(len(x), -1), gb]))
    return np.vstack(blocks)


def solve(evaluations, **keywords):
    began = time.perf_counter()
    found = least_squares(errors, start, method="lm", max_nfev=evaluations, **keywords)
    return found, time.perf_counter() - began


answer = {}
if task == "fit":
    given_jacobian, seconds = solve(steps, jac=jacobian)
    answer["given"] = {
        "seconds": seconds,
        "loss": float(np.mean(given_jacobian.fun**2)),
        "jacobians": int(given_jacobian.njev),
    }
    # Evaluations for difference quotients are not counted.
    differences, seconds = solve(steps)
    answer["differences"] = {
        "seconds": seconds,
        "loss": float(np.mean(differences.fun**2)),
        "jacobians": int(given_jacobian.njev),
    }
else:
    from sklearn.neural_network import MLPClassifier

    test, classes = np.array(given["testInputs"]), np.array(given["testClasses"])
    answer["lbfgs"] = float(
        MLPClassifier((hidden,), "tanh", solver="lbfgs", max_iter=200, random_state=0)
        .fit(x, np.array(given["trainClasses"]))
        .score(test, classes)
    )
    if steps > 0:
        found, _ = solve(steps, jac=jacobian)
        answer["lm"] = float(np.mean(predicted(found.x, test).argmax(1) == classes))
print(json.dumps(answer))
