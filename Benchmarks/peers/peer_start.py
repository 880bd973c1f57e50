#!/usr/bin/env python3
"""Prints a line when a framework is about to run its first batch, and one when it has.

    python peer_start.py torch|jax

64-64-10, ReLU, cross-entropy, Adam, batch 32, on random rows in the shape of the digits: what
stands for the data costs next to nothing.
"""

import json
import sys


def torch_step():
    import torch
    from torch import nn

    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters())
    rows, labels = torch.rand(1617, 64), torch.randint(0, 10, (1617,))

    def step():
        optimizer.zero_grad()
        loss = criterion(model(rows[:32]), labels[:32])
        loss.backward()
        optimizer.step()
        return loss.item()

    return f"PyTorch {torch.__version__}", step


def jax_step():
    import numpy

    import jax_steps
    from cases import Case

    case = Case((64, 64, 10), "relu", 32, "crossEntropy", "adam", 1e-3)
    random = numpy.random.default_rng(1)
    rows = random.random((1617, 64), dtype=numpy.float32)
    labels = random.integers(0, 10, 1617)
    run = jax_steps.jax.jit(jax_steps.program(case, jax_steps.loss_function(case)), donate_argnums=0)
    carried = jax_steps.start(case)
    return jax_steps.VERSION, lambda: float(run(carried, rows[:32], labels[:32])[1])


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in ("torch", "jax"):
        sys.exit(__doc__)
    version, step = torch_step() if sys.argv[1] == "torch" else jax_step()
    print(json.dumps({"event": "start", "version": version}), flush=True)
    step()
    print(json.dumps({"event": "batch"}), flush=True)


if __name__ == "__main__":
    main()
