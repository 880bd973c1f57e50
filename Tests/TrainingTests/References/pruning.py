#!/usr/bin/env python3
"""Makes pruning.json: optimal brain damage and optimal brain surgeon on small networks, in Float64.

    python3 pruning.py

needs PyTorch and NumPy. Each network is trained a while, so that its weights are near a minimum but not
at it. Hessians are torch.autograd.functional.hessian's. `damage` has ½ h w² of every number. `surgeon` has
w² / (2 [H⁻¹]qq) with H = alpha I + Σ Jᵀ (∂²E/∂o²) J over the rows, inverted as a whole, and all numbers
after the one with the lowest has gone, and after three have: `renewed` with H computed anew each
time, `kept` with the rows and columns of what is left of the first H. Only weights are removed, no biases, unless
`biases` says so. `losses` are E after three removals by each rule, one after another, the curvature
anew each time.
"""

import json
import pathlib
import random

import numpy as np
import torch
from torch.autograd.functional import hessian, jacobian

OUTPUT = pathlib.Path(__file__).resolve().parent / "pruning.json"
ALPHA = 1e-4


def case(layers, rows, loss, output, seed, epochs, biases=False):
    generator = random.Random(seed)

    def some(count, low=-1.0, high=1.0):
        return [round(generator.uniform(low, high) * 1024) / 1024 for _ in range(count)]

    shapes, names, areWeights = [], [], []
    for index, (inputs, outputs) in enumerate(zip(layers, layers[1:]), start=1):
        names += [f"dense{index}.weight", f"dense{index}.bias"]
        shapes += [(inputs, outputs), (outputs,)]
        areWeights += [True] * (inputs * outputs) + [biases] * outputs
    sizes = [int(np.prod(shape)) for shape in shapes]
    x = torch.tensor([some(layers[0], -1.5, 1.5) for _ in range(rows)], dtype=torch.float64)
    if loss == "crossEntropy":
        targets = [row % layers[-1] for row in range(rows)]
        t = torch.tensor(targets)
    else:
        targets = [some(layers[-1], 0.1, 0.9) for _ in range(rows)]
        t = torch.tensor(targets, dtype=torch.float64)

    def outputs(w):
        parts = [p.reshape(s) for p, s in zip(torch.split(w, sizes), shapes)]
        h = torch.tanh(x @ parts[0] + parts[1]) @ parts[2] + parts[3]
        return torch.sigmoid(h) if output == "sigmoid" else h

    def judged(o):
        if loss == "crossEntropy":
            return torch.nn.functional.cross_entropy(o, t)
        return 0.5 * ((t - o) ** 2).sum(dim=1).mean()

    w = torch.tensor([v for size in sizes for v in some(size)], dtype=torch.float64,
                     requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=0.05)
    for _ in range(epochs):
        optimizer.zero_grad()
        judged(outputs(w)).backward()
        optimizer.step()
    w = w.detach()

    def diagonal(w):
        return torch.diagonal(hessian(lambda v: judged(outputs(v)), w))

    def outer(w):
        o = outputs(w)
        slopes = jacobian(outputs, w).reshape(o.numel(), -1)
        curvature = hessian(judged, o).reshape(o.numel(), o.numel())
        return ALPHA * torch.eye(len(w), dtype=torch.float64) + slopes.T @ curvature @ slopes

    def surgeon(w, removals, renewed):
        w = w.clone()
        kept = list(range(len(w)))
        matrix = outer(w)
        for _ in range(removals):
            if renewed:
                matrix = outer(w)
            inverse = torch.linalg.inv(matrix[kept][:, kept])
            saliency = {q: (w[q] ** 2 / (2 * inverse[i, i])).item() for i, q in enumerate(kept)
                        if areWeights[q]}
            best = min(saliency, key=saliency.get)
            i = kept.index(best)
            w[kept] -= w[best] / inverse[i, i] * inverse[:, i]
            w[best] = 0
            kept.remove(best)
        return w.tolist(), best

    def alone(saliencies):
        """E after three removals, one after another, that change nothing else."""
        v, kept = w.clone(), list(range(len(w)))
        for _ in range(3):
            costs = saliencies(v)
            best = min((q for q in kept if areWeights[q]), key=lambda q: costs[q].item())
            v[best] = 0
            kept.remove(best)
        return judged(outputs(v)).item()

    inverse = torch.linalg.inv(outer(w))
    values = torch.split(w, sizes)
    one, first = surgeon(w, 1, True)
    renewed = surgeon(w, 3, True)[0]
    losses = {
        "surgeon": judged(outputs(torch.tensor(renewed, dtype=torch.float64))).item(),
        "damage": alone(lambda v: 0.5 * diagonal(v) * v ** 2),
        "magnitude": alone(lambda v: v.abs()),
    }
    return {
        "layers": layers, "output": output, "loss": loss, "biases": biases,
        "inputs": x.tolist(), "targets": targets,
        "weights": {n: v.reshape(s).tolist() for n, v, s in zip(names, values, shapes)},
        "value": judged(outputs(w)).item(),
        "damage": (0.5 * diagonal(w) * w ** 2).tolist(),
        "gaussNewton": torch.diagonal(outer(w) - ALPHA * torch.eye(len(w))).tolist(),
        "surgeon": (w ** 2 / (2 * torch.diagonal(inverse))).tolist(),
        "first": first, "one": one, "renewed": renewed, "losses": losses, "kept": surgeon(w, 3, False)[0],
    }


def main():
    torch.set_num_threads(1)
    cases = [
        case([3, 3, 2], 14, "halfSquaredError", "sigmoid", 3, 150),
        case([3, 4, 3], 15, "crossEntropy", "linear", 4, 40),
        case([2, 2, 1], 9, "halfSquaredError", "linear", 5, 200, biases=True),
    ]
    for entry in cases:
        print(entry["layers"], entry["value"], entry["losses"])
    lines = [json.dumps(entry) for entry in cases]
    OUTPUT.write_text(
        f'{{"madeBy": "{pathlib.Path(__file__).name}", "versions": '
        f'{json.dumps({"torch": torch.__version__, "numpy": np.__version__})}, "alpha": {ALPHA},\n'
        '"cases": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    print(OUTPUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
