"""PyTorch's training step as its tutorials write it: modules, an optimizer with default options,
the default number of threads. One way, nothing chosen."""

import torch
from torch import nn

import torch_usual_architectures as architectures
from architectures import Architecture

VERSION = f"PyTorch {torch.__version__}"


def finish():
    """Waits for work under way: on a CPU there is none."""


def model_of(case):
    if isinstance(case, Architecture):
        return architectures.model_of(case)
    layers = []
    for index, (inputs, outputs) in enumerate(zip(case.layers, case.layers[1:])):
        layers.append(nn.Linear(inputs, outputs))
        if case.hidden == "sigmoid":
            layers.append(nn.Sigmoid())
        elif index < len(case.layers) - 2:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def loss_of(case):
    if case.loss == "crossEntropy":
        return nn.CrossEntropyLoss()
    squared = nn.MSELoss(reduction="sum")
    return lambda outputs, targets: squared(outputs, targets) / (2 * case.batch)


def optimizer_of(case, model):
    kind = torch.optim.SGD if case.optimizer == "sgd" else torch.optim.Adam
    return kind(model.parameters(), lr=case.rate)


def batch_of(case):
    if isinstance(case, Architecture):
        return architectures.batch_of(case)
    return tuple(torch.from_numpy(array) for array in case.batch_arrays())


def make_step(case):
    torch.manual_seed(1)
    model, criterion = model_of(case), loss_of(case)
    optimizer = optimizer_of(case, model)
    x, t = batch_of(case)

    def step():
        optimizer.zero_grad()
        loss = criterion(model(x), t)
        loss.backward()
        optimizer.step()
        return loss

    return step


def ways(case):
    return {"modules and default options": lambda: make_step(case)}
