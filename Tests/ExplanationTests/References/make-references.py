"""Writes explanations.json: what NumPy and PyTorch, in Float64, make of the worked examples.

The 2-2-2 networks are written out weight by weight, as a student's program would be; all other
gradients are PyTorch's own. The numbers of the examples stand here once more, on purpose: a test
holds them against those of the library.

Usage: python3 make-references.py
"""

import json
import math
from pathlib import Path

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

COUNTS = [1, 10, 100, 1000, 10000]


# The 2-2-2 networks, weight by weight, in NumPy.


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward(inputs, w, biases):
    """The outputs of both layers; w[0] is w1."""
    i1, i2 = inputs
    b1, b2 = biases
    h1 = sigmoid(w[0] * i1 + w[1] * i2 + b1)
    h2 = sigmoid(w[2] * i1 + w[3] * i2 + b1)
    o1 = sigmoid(w[4] * h1 + w[5] * h2 + b2)
    o2 = sigmoid(w[6] * h1 + w[7] * h2 + b2)
    return (h1, h2), (o1, o2)


def error(inputs, targets, w, biases):
    _, (o1, o2) = forward(inputs, w, biases)
    return 0.5 * (targets[0] - o1) ** 2 + 0.5 * (targets[1] - o2) ** 2


def gradients(inputs, targets, w, biases, rate, sequential):
    """dE/dw1 to dE/dw8; the hidden ones with the new output weights where sequential."""
    (h1, h2), (o1, o2) = forward(inputs, w, biases)
    d1 = (o1 - targets[0]) * o1 * (1 - o1)
    d2 = (o2 - targets[1]) * o2 * (1 - o2)
    outer = [d1 * h1, d1 * h2, d2 * h1, d2 * h2]
    seen = [w[4 + k] - rate * outer[k] if sequential else w[4 + k] for k in range(4)]
    e1 = (d1 * seen[0] + d2 * seen[2]) * h1 * (1 - h1)
    e2 = (d1 * seen[1] + d2 * seen[3]) * h2 * (1 - h2)
    i1, i2 = inputs
    return np.array([e1 * i1, e1 * i2, e2 * i1, e2 * i2] + outer)


def small(name, inputs, targets, weights, biases, rate):
    inputs, targets = np.array(inputs), np.array(targets)
    result = {
        "name": name, "inputs": inputs.tolist(), "targets": targets.tolist(),
        "weights": weights, "biases": biases, "rate": rate,
        "error": float(error(inputs, targets, weights, biases)), "orders": {},
    }
    for order in ["simultaneous", "sequential"]:
        sequential = order == "sequential"
        w = np.array(weights)
        first = gradients(inputs, targets, w, biases, rate, sequential)
        rows = []
        for count in range(1, COUNTS[-1] + 1):
            w = w - rate * gradients(inputs, targets, w, biases, rate, sequential)
            if count in COUNTS:
                rows.append({
                    "count": count, "weights": w.tolist(),
                    "error": float(error(inputs, targets, w, biases)),
                })
        result["orders"][order] = {"gradients": first.tolist(), "rows": rows}
    return result


# Everything else, by autograd.


def flat(tensors):
    return {name: t.detach().reshape(-1).tolist() for name, t in tensors.items()}


def leaves(values):
    return {name: torch.tensor(v).requires_grad_() for name, v in values.items()}


def differentiated(name, parameters, loss, make=None):
    """Error, gradients, and the parameters after one step of each optimizer."""
    optimizers = make or {"sgd": lambda p: torch.optim.SGD(p, lr=0.5)}
    values = {key: t.detach().clone() for key, t in parameters.items()}
    total = loss(parameters)
    total.backward()
    result = {
        "name": name, "error": float(total.detach()), "parameters": flat(parameters),
        "gradients": flat({key: t.grad for key, t in parameters.items()}), "updated": {},
    }
    for kind, optimizer in optimizers.items():
        fresh = {key: v.clone().requires_grad_() for key, v in values.items()}
        rule = optimizer(list(fresh.values()))
        loss(fresh).backward()
        rule.step()
        result["updated"][kind] = flat(fresh)
    return result


def regularized():
    x = torch.tensor([
        [1.0, 0.5, -0.5], [0.8, -0.2, 0.4], [-0.6, 1.0, 0.2], [-1.0, 0.3, 0.6], [0.2, -0.8, -0.4],
    ])
    classes = torch.tensor([0, 0, 1, 1, 0])
    # One row for each neuron; stored transposed, [inputs, neurons].
    hidden = [[0.1, -0.2, 0.3], [-0.4, 0.5, 0.2], [0.3, 0.1, -0.5], [0.2, -0.3, 0.4]]
    output = [[0.5, -0.1, 0.2, 0.3], [-0.3, 0.4, -0.2, 0.1]]
    strength = 0.1
    parameters = leaves({
        "hidden.weight": np.array(hidden).T.copy(), "hidden.bias": [0.1, 0.0, -0.1, 0.2],
        "output.weight": np.array(output).T.copy(), "output.bias": [0.1, -0.1],
    })

    def loss(p):
        h = torch.tanh(x @ p["hidden.weight"] + p["hidden.bias"])
        net = h @ p["output.weight"] + p["output.bias"]
        squares = sum((p[key] ** 2).sum() for key in ["hidden.weight", "output.weight"])
        data = torch.nn.functional.cross_entropy(net, classes, reduction="sum")
        return data / len(x) + strength / (2 * len(x)) * squares

    return differentiated(
        "regularized", parameters, loss, {"sgd": lambda p: torch.optim.SGD(p, lr=0.5)})


def elman():
    x = torch.tensor([[1.0], [0.0], [1.0], [1.0]])
    t = torch.tensor([[0.0], [1.0], [0.0], [1.0]])
    parameters = leaves({
        "hidden.inputWeight": np.array([[0.5], [-0.3]]).T.copy(),
        "hidden.recurrentWeight": np.array([[0.2, -0.4], [0.6, 0.1]]).T.copy(),
        "hidden.bias": [0.1, -0.1],
        "output.weight": np.array([[0.7, -0.5]]).T.copy(), "output.bias": [0.2],
    })

    def loss(p):
        state, total = torch.zeros(2), 0.0
        for k in range(len(x)):
            state = torch.tanh(
                x[k] @ p["hidden.inputWeight"] + state @ p["hidden.recurrentWeight"]
                + p["hidden.bias"])
            out = state @ p["output.weight"] + p["output.bias"]
            total = total + 0.5 * ((t[k] - out) ** 2).sum()
        return total

    return differentiated(
        "elman", parameters, loss, {"sgd": lambda p: torch.optim.SGD(p, lr=0.1)})


def optimized():
    """The first network with PyTorch's optimizers, its biases trained and not shared."""
    x, t = torch.tensor([0.05, 0.10]), torch.tensor([0.01, 0.99])
    parameters = leaves({
        "hidden.weight": np.array([[0.15, 0.20], [0.25, 0.30]]).T.copy(),
        "hidden.bias": [0.35, 0.35],
        "output.weight": np.array([[0.40, 0.45], [0.50, 0.55]]).T.copy(),
        "output.bias": [0.60, 0.60],
    })

    def loss(p):
        h = torch.sigmoid(x @ p["hidden.weight"] + p["hidden.bias"])
        out = torch.sigmoid(h @ p["output.weight"] + p["output.bias"])
        return 0.5 * ((t - out) ** 2).sum()

    rules = torch.optim
    return differentiated("optimized", parameters, loss, {
        "sgd": lambda p: rules.SGD(p, lr=0.5),
        "sgd-decay": lambda p: rules.SGD(p, lr=0.5, weight_decay=0.01),
        "momentum": lambda p: rules.SGD(p, lr=0.5, momentum=0.9),
        "momentum-decay": lambda p: rules.SGD(p, lr=0.5, momentum=0.9, weight_decay=0.01),
        "nesterov": lambda p: rules.SGD(p, lr=0.5, momentum=0.9, nesterov=True),
        "adagrad": lambda p: rules.Adagrad(p, lr=0.05, eps=1e-10),
        "rmsprop": lambda p: rules.RMSprop(p, lr=0.01, alpha=0.99, eps=1e-8),
        "rmsprop-momentum": lambda p: rules.RMSprop(
            p, lr=0.01, alpha=0.99, eps=1e-8, momentum=0.9),
        "adam": lambda p: rules.Adam(p, lr=0.01, foreach=False),
        "adam-decay": lambda p: rules.Adam(p, lr=0.01, weight_decay=0.01, foreach=False),
        "adamw": lambda p: rules.AdamW(p, lr=0.01, weight_decay=0.05, foreach=False),
    })


def large():
    """784-16-10: every number is a sine of its place, and the tests make the same ones."""
    count = [0]

    def numbers(*shape):
        size = math.prod(shape)
        first, count[0] = count[0] + 1, count[0] + size
        return np.array([0.1 * math.sin(k) for k in range(first, first + size)]).reshape(shape)

    x = torch.tensor([abs(math.sin(0.37 * k)) for k in range(784)])
    parameters = leaves({
        "hidden.weight": numbers(784, 16), "hidden.bias": numbers(16),
        "output.weight": numbers(16, 10), "output.bias": numbers(10),
    })

    def loss(p):
        h = torch.sigmoid(x @ p["hidden.weight"] + p["hidden.bias"])
        net = h @ p["output.weight"] + p["output.bias"]
        return torch.nn.functional.cross_entropy(net[None], torch.tensor([3]))

    total = loss(parameters)
    total.backward()
    places = {
        "hidden.weight": [(0, 0), (1, 0), (405, 7), (406, 8), (200, 15), (783, 15)],
        "hidden.bias": [(0,), (9,), (15,)],
        "output.weight": [(0, 0), (7, 3), (15, 9), (4, 5)],
        "output.bias": [(0,), (3,), (9,)],
    }
    return {
        "name": "784-16-10", "error": float(total.detach()),
        "gradients": {
            f"{name}[{','.join(map(str, place))}]": float(parameters[name].grad[place])
            for name, list_ in places.items() for place in list_
        },
    }


def main():
    result = {
        "versions": f"NumPy {np.__version__}, PyTorch {torch.__version__.split('+')[0]}",
        "small": [
            small(
                "mazur", [0.05, 0.10], [0.01, 0.99],
                [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55], [0.35, 0.60], 0.5),
            small(
                "cda-2018", [0.02, 0.04], [0.5, 0.9],
                [0.25, 0.25, 0.15, 0.20, 0.30, 0.35, 0.40, 0.35], [0.4, 0.7], 0.1),
        ],
        "differentiated": [regularized(), elman(), optimized()],
        "large": large(),
    }
    target = Path(__file__).with_name("explanations.json")
    target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"written to {target.name}")


if __name__ == "__main__":
    main()
