#!/usr/bin/env python3
"""Makes per-weight-rules.json: runs of Rprop, Quickprop and delta-bar-delta in Float64.

    python3 per_weight_rules.py [path of FANN's library for doubles]

needs PyTorch and NumPy; without FANN's library the entries that it makes are taken from the file that
is there. One network of 3-4-2 sigmoid units, 8 rows, E = ½ Σ (t − o)², summed over outputs, averaged
over rows. Each entry has the settings, E before some of the epochs, and the weights at the end.

- `torch`: torch.optim.Rprop, which is iRprop⁻.
- `rprop+`, `rprop-`, `irprop+`, `irprop-`: Igel & Hüsken (2003), written out here.
- `quickprop`: Fahlman (1988), written out here.
- `delta-bar-delta`: Jacobs (1988), written out here.
- `fann quickprop`: FANN's fann_train_epoch, whose slopes are sums over the rows (its decay is the
  rows' number times ours), and which takes steps of 0.001 or less as none: `threshold`.
- `fann irprop-`: FANN's. It departs from the paper in three places: a step size also grows where the product
  of the slopes is 0, so in the first epoch and after each turn; a weight whose slope is 0, so also one
  whose slope has just turned, moves up by its step; and no step is below 0.0001. As long as no slope
  has turned, only the first epoch's growth differs, which a smaller start makes good: `epochs` are
  those, and `weights` are FANN's after them. The script checks that FANN's rule,
  written out with the three departures, gives FANN's weights of 25 epochs. (Later FANN takes the
  slope of a sigmoid beyond 0.01 and 0.99 as that of these.)
"""

import ctypes
import json
import pathlib
import random
import sys

import numpy as np
import torch

OUTPUT = pathlib.Path(__file__).resolve().parent / "per-weight-rules.json"
LAYERS = [3, 4, 2]
ROWS, EPOCHS, EVERY = 8, 60, 6


def numbers(seed=14):
    generator = random.Random(seed)

    def some(count, low, high):
        return [round(generator.uniform(low, high) * 1024) / 1024 for _ in range(count)]

    initial = {}
    for index, (inputs, outputs) in enumerate(zip(LAYERS, LAYERS[1:]), start=1):
        initial[f"dense{index}.weight"] = [some(outputs, -1, 1) for _ in range(inputs)]
        initial[f"dense{index}.bias"] = some(outputs, -0.5, 0.5)
    rows = [some(LAYERS[0], -1.5, 1.5) for _ in range(ROWS)]
    targets = [some(LAYERS[-1], 0.125, 0.875) for _ in range(ROWS)]
    return initial, rows, targets


INITIAL, INPUTS, TARGETS = numbers()
NAMES = list(INITIAL)
SHAPES = [np.shape(INITIAL[name]) for name in NAMES]


def flat(parameters):
    return np.concatenate([np.ravel(parameters[name]) for name in NAMES])


def shaped(vector):
    result, place = {}, 0
    for name, shape in zip(NAMES, SHAPES):
        count = int(np.prod(shape))
        result[name] = vector[place:place + count].reshape(shape).tolist()
        place += count
    return result


def loss_of(parameters):
    h = torch.tensor(INPUTS, dtype=torch.float64)
    for index in range(1, len(LAYERS)):
        h = torch.sigmoid(h @ parameters[2 * index - 2] + parameters[2 * index - 1])
    target = torch.tensor(TARGETS, dtype=torch.float64)
    return 0.5 * ((target - h) ** 2).sum(dim=1).mean()


def value_and_gradient(vector):
    parameters = [torch.tensor(value, dtype=torch.float64, requires_grad=True)
                  for value in shaped(vector).values()]
    loss = loss_of(parameters)
    loss.backward()
    return loss.item(), np.concatenate([p.grad.numpy().ravel() for p in parameters])


def run(rule, epochs=EPOCHS):
    """E before each epoch, and the weights after all of them."""
    vector, losses = flat(INITIAL), []
    state = {}
    for epoch in range(epochs):
        loss, gradient = value_and_gradient(vector)
        losses.append(loss)
        vector = vector + rule(state, epoch, vector, gradient, loss)
    return losses, vector


def rprop(variant, start=0.1, grow=1.2, shrink=0.5, smallest=1e-6, largest=50.0):
    def rule(state, epoch, weights, gradient, loss):
        if epoch == 0:
            state["last"] = np.zeros_like(weights)
            state["size"] = np.full_like(weights, start)
            state["step"] = np.zeros_like(weights)
            state["loss"] = loss
        step, kept = np.zeros_like(weights), gradient.copy()
        for k in range(len(weights)):
            product = state["last"][k] * gradient[k]
            if product > 0:
                state["size"][k] = min(state["size"][k] * grow, largest)
            elif product < 0:
                state["size"][k] = max(state["size"][k] * shrink, smallest)
            step[k] = -np.sign(gradient[k]) * state["size"][k]
            if product < 0 and variant != "rprop-":
                kept[k] = 0
                if variant == "rprop+" or variant == "irprop+" and loss > state["loss"]:
                    step[k] = -state["step"][k]
                else:
                    step[k] = 0
        state["last"], state["step"], state["loss"] = kept, step, loss
        return step
    return rule


def quickprop(rate=0.5, growth=1.75, threshold=0.0, decay=0.0):
    def rule(state, epoch, weights, gradient, loss):
        last = state.get("slope", np.zeros_like(weights))
        before = state.get("step", np.zeros_like(weights))
        slope = -(gradient + decay * weights)
        step = np.zeros_like(weights)
        limit = growth / (1 + growth)
        for k in range(len(weights)):
            d, s, p = before[k], slope[k], last[k]
            if d > threshold:
                step[k] += rate * s if s > 0 else 0
                step[k] += growth * d if s > limit * p else d * s / (p - s)
            elif d < -threshold:
                step[k] += rate * s if s < 0 else 0
                step[k] += growth * d if s < limit * p else d * s / (p - s)
            else:
                step[k] = rate * s
        state["slope"], state["step"] = slope, step
        return step
    return rule


def delta_bar_delta(rate=0.1, increase=0.05, decrease=0.2, memory=0.7):
    def rule(state, epoch, weights, gradient, loss):
        rates = state.get("rates", np.full_like(weights, rate))
        average = state.get("average", np.zeros_like(weights))
        turn = average * gradient
        rates = np.where(turn > 0, rates + increase, np.where(turn < 0, rates * (1 - decrease), rates))
        state["rates"] = rates
        state["average"] = (1 - memory) * gradient + memory * average
        return -rates * gradient
    return rule


def torch_rprop():
    parameters = [torch.tensor(INITIAL[name], dtype=torch.float64, requires_grad=True)
                  for name in NAMES]
    optimizer = torch.optim.Rprop(parameters, lr=0.1)
    losses = []
    for _ in range(EPOCHS):
        optimizer.zero_grad()
        loss = loss_of(parameters)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses, np.concatenate([p.detach().numpy().ravel() for p in parameters])


class Fann:
    """The network in FANN: sigmoids of steepness 0.5 are 1 / (1 + exp(-x)); errors are linear."""

    class Connection(ctypes.Structure):
        _fields_ = [("start", ctypes.c_uint), ("end", ctypes.c_uint), ("weight", ctypes.c_double)]

    RPROP, QUICKPROP, SIGMOID = 2, 3, 3

    def __init__(self, path, algorithm, **settings):
        self.library = library = ctypes.CDLL(path)
        library.fann_create_standard_array.restype = ctypes.c_void_p
        library.fann_create_train_array.restype = ctypes.c_void_p
        library.fann_train_epoch.restype = ctypes.c_float
        sizes = (ctypes.c_uint * len(LAYERS))(*LAYERS)
        self.network = ctypes.c_void_p(library.fann_create_standard_array(len(LAYERS), sizes))
        for which in ("hidden", "output"):
            getattr(library, f"fann_set_activation_function_{which}")(self.network, self.SIGMOID)
        library.fann_set_train_error_function(self.network, 0)
        library.fann_set_training_algorithm(self.network, algorithm)
        for name, value in settings.items():
            getattr(library, f"fann_set_{name}")(self.network, ctypes.c_float(value))
        inputs = (ctypes.c_double * (ROWS * LAYERS[0]))(*np.ravel(INPUTS))
        outputs = (ctypes.c_double * (ROWS * LAYERS[-1]))(*np.ravel(TARGETS))
        self.data = ctypes.c_void_p(library.fann_create_train_array(
            ROWS, LAYERS[0], inputs, LAYERS[-1], outputs))
        self.order = self.places()
        library.fann_set_weight.argtypes = [
            ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_double]
        for (start, end), weight in zip(self.order, flat(INITIAL)):
            library.fann_set_weight(self.network, start, end, weight)

    @staticmethod
    def places():
        """The neurons at the ends of each weight, in our order; a layer's last neuron is its bias."""
        result, first = [], 0
        for inputs, outputs in zip(LAYERS, LAYERS[1:]):
            following = first + inputs + 1
            for source in range(inputs + 1):
                result += [(first + source, following + unit) for unit in range(outputs)]
            first = following
        return result

    def epoch(self):
        self.library.fann_train_epoch(self.network, self.data)

    def weights(self):
        connections = (self.Connection * len(self.order))()
        self.library.fann_get_connection_array(self.network, connections)
        known = {(c.start, c.end): c.weight for c in connections}
        return np.array([known[place] for place in self.order])


def fann_quickprop(path):
    fann = Fann(path, Fann.QUICKPROP, learning_rate=0.5, quickprop_mu=1.75,
                quickprop_decay=-ROWS * 2.0 ** -10)
    for _ in range(EPOCHS):
        fann.epoch()
    losses, own = run(quickprop(threshold=0.001, decay=2.0 ** -10))
    print("FANN's Quickprop apart from the paper's:", abs(own - fann.weights()).max())
    return losses, fann.weights()


def fann_resilient(path):
    """FANN's weights while no slope has turned; its rule written out for all epochs."""
    grow, start, epochs = 1.25, 2.0 ** -9, 25
    fann = Fann(path, Fann.RPROP, rprop_increase_factor=grow, rprop_decrease_factor=0.5,
                rprop_delta_zero=start, rprop_delta_min=0, rprop_delta_max=50)
    vector = flat(INITIAL)
    size, last = np.full_like(vector, start), np.zeros_like(vector)
    until, before = None, None
    worst = 0.0
    for epoch in range(epochs):
        slope = -value_and_gradient(vector)[1]
        product = last * slope
        if until is None and (product < 0).any():
            until, before = epoch, fann.weights()
        size = np.maximum(size, 0.0001)
        size = np.where(product >= 0, np.minimum(size * grow, 50), size * 0.5)
        slope = np.where(product < 0, 0, slope)
        vector = vector + np.where(slope < 0, -size, size)
        last = slope
        fann.epoch()
        worst = max(worst, abs(vector - fann.weights()).max())
    print("FANN's iRprop- apart from its rule written out:", worst)
    assert worst < 1e-10
    losses, own = run(rprop("irprop-", start=grow * start, grow=grow), until)
    print(f"FANN's iRprop- apart from the paper's in {until} epochs:", abs(own - before).max())
    losses, _ = run(rprop("irprop-", start=grow * start, grow=grow), epochs + 1)
    print(f"E after {epochs} epochs: FANN {value_and_gradient(vector)[0]}, the paper's {losses[-1]}")
    return before, {"epochs": until}


def entry(result, **settings):
    losses, vector = result
    return {**settings, "losses": losses[::EVERY], "weights": shaped(vector)}


def main():
    torch.set_num_threads(1)
    runs = {"torch": entry(torch_rprop())}
    for variant in ("rprop+", "rprop-", "irprop+", "irprop-"):
        runs[variant] = entry(run(rprop(variant)))
    # Its divisions by differences of slopes make much of rounding in the end.
    runs["quickprop"] = entry(run(quickprop(), 20), epochs=20)
    runs["delta-bar-delta"] = entry(run(delta_bar_delta()))
    if len(sys.argv) > 1:
        runs["fann quickprop"] = entry(fann_quickprop(sys.argv[1]))
        weights, facts = fann_resilient(sys.argv[1])
        runs["fann irprop-"] = {**facts, "losses": [], "weights": shaped(weights)}
    else:
        known = json.loads(OUTPUT.read_text(encoding="utf-8"))["runs"]
        runs |= {name: value for name, value in known.items() if name.startswith("fann")}
    for name, value in runs.items():
        print(name, value["losses"][:1], value["losses"][-1:])
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in runs.items()]
    OUTPUT.write_text(
        "{\n"
        f'"madeBy": "{pathlib.Path(__file__).name}", '
        f'"versions": {json.dumps({"torch": torch.__version__, "numpy": np.__version__, "fann": "2.2.0"})},\n'
        f'"layers": {LAYERS}, "epochs": {EPOCHS}, "every": {EVERY},\n'
        f'"initial": {json.dumps(INITIAL)},\n"inputs": {json.dumps(INPUTS)},\n'
        f'"targets": {json.dumps(TARGETS)},\n"runs": {{\n' + ",\n".join(lines) + "\n}}\n",
        encoding="utf-8")
    print(OUTPUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
