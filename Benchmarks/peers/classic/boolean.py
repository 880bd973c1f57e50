"""PyTorch beside the topics "xor" and "parity": boolean.py FILE, which holds starts and rules as JSON.

All starts of a rule are trained side by side as one batch of networks. Nothing ties them together: the sum of their
losses has for each network's weights the gradient of its own loss.
"""

import json
import sys

import torch

from data import answer, version

torch.set_default_dtype(torch.float64)


def optimizer(way, parameters):
    numbers = way["numbers"]
    if way["rule"] == "rprop":
        return torch.optim.Rprop(parameters, lr=0.1, etas=(0.5, 1.2), step_sizes=(1e-6, 50))
    return torch.optim.SGD(parameters, lr=numbers["learningRate"], momentum=numbers.get("momentum", 0))


def epochs(way, starts, inputs, goal):
    n, count = inputs, starts.shape[0]
    x = torch.tensor([[row >> (n - 1 - bit) & 1 for bit in range(n)] for row in range(1 << n)], dtype=torch.float64)
    y = x.sum(1, keepdim=True) % 2
    parts = torch.split(starts.clone(), [n * n, n, n, 1], dim=1)
    shapes = [(n, n), (1, n), (n, 1), (1, 1)]
    w1, b1, w2, b2 = [
        part.reshape(count, *shape).clone().requires_grad_() for part, shape in zip(parts, shapes)
    ]
    rule = optimizer(way, [w1, b1, w2, b2])
    taken = torch.zeros(count, dtype=torch.int64)
    for epoch in range(1, way["epochs"] + 1):
        rule.zero_grad()
        output = torch.sigmoid(torch.sigmoid(x @ w1 + b1) @ w2 + b2)
        losses = ((output - y) ** 2).mean((1, 2))
        taken[(losses <= goal) & (taken == 0)] = epoch
        if bool((taken > 0).all()):
            break
        losses.sum().backward()
        rule.step()
    return taken.tolist()


question = json.load(open(sys.argv[1]))
starts = torch.tensor(question["starts"])
answer(
    version=version("torch"),
    epochs={way["name"]: epochs(way, starts, question["inputs"], question["goal"]) for way in question["ways"]},
)
