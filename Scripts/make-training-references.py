#!/usr/bin/env python3
"""Makes Tests/TrainingTests/References/training-references.json with PyTorch.

Each entry is one training run in Float64: the network, the starting weights, one batch, the loss
before each of 50 updates on that batch, and the parameters after them. The tests repeat each run
and compare (1e-10 in Float64, 2e-5 in Float32).

    python3 Scripts/make-training-references.py

needs PyTorch and NumPy. Starting weights and inputs are multiples of 2^-10, so that they are exact
in Float32 too. Every run is repeated here in Float32, and the script stops if a loss then differs
by more than 5e-6: a run that sits on the kink of a ReLU, say, would test luck.
"""

import json
import pathlib
import random

import numpy
import torch
import torch.nn.functional as F

STEPS = 50
FLOAT32_TOLERANCE = 5e-6
OUTPUT = (
    pathlib.Path(__file__).resolve().parent.parent
    / "Tests/TrainingTests/References/training-references.json"
)

ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "gelu": F.gelu,
    "silu": F.silu,
    "elu": F.elu,
    "leakyRelu": F.leaky_relu,
    "softplus": F.softplus,
    "softsign": F.softsign,
    "linear": lambda x: x,
}

CONVENTIONS = {
    "layer": "output = activation(input · weight + bias); weight has shape [inputs, outputs]",
    "gelu": "exact: x·Φ(x), by the error function",
    "elu": "alpha 1",
    "leakyRelu": "slope 0.01",
    "softplus": "ln(1 + exp(x)); every x here is below 15",
    "halfSquaredError": "½ Σ (t − o)², summed over outputs, averaged over rows",
    "meanSquaredError": "(t − o)², averaged over all elements",
    "meanAbsoluteError": "|t − o|, averaged over all elements",
    "huber": "d²/2 where |d| ≤ 1, else |d| − 1/2, averaged over all elements",
    "crossEntropy": "softmax on the outputs; targets are class indices. With class weights w the "
    "mean over rows is Σ w[y]·l / Σ w[y]. With label smoothing ε over C classes, "
    "l = (1 − ε)·(−ln p[y]) + (ε/C)·Σ_c (−ln p[c]). With both, "
    "Σ_rows ((1 − ε)·w[y]·(−ln p[y]) + (ε/C)·Σ_c w[c]·(−ln p[c])) / Σ_rows w[y]",
    "binaryCrossEntropy": "sigmoid on the outputs; averaged over all elements",
    "hinge": "max(0, 1 − t·o) with t = ±1, averaged over all elements",
    "l1, l2": "the loss includes l1·Σ|w| + (l2/2)·Σw² over the weight matrices, not the biases",
    "weightDecay": "as PyTorch's: sgd, momentum, nesterov, adagrad, rmsprop and adam add "
    "weightDecay·p to the gradient of every parameter p, biases too; adamw first scales p by "
    "1 − learningRate·weightDecay",
    "momentum, nesterov": "PyTorch's SGD: b ← momentum·b + g (first step: b = g); the step is "
    "−learningRate·b, with Nesterov −learningRate·(g + momentum·b)",
    "adagrad": "s ← s + g²; p ← p − learningRate·g / (√s + epsilon)",
    "rmsprop": "s ← decay·s + (1 − decay)·g²; d = g / (√s + epsilon); "
    "with momentum b ← momentum·b + d; p ← p − learningRate·(b or d)",
    "adam": "p ← p − learningRate·m̂ / (√v̂ + epsilon), m̂ = m/(1 − beta1^t), v̂ = v/(1 − beta2^t)",
    "clipNorm": "all gradients (penalties included, before weightDecay) times "
    "min(1, clipNorm / (norm + 1e-6)), norm taken over all parameters together",
    "schedule": "learningRates holds the rate of each of the 50 updates. "
    "step: rate·factor^⌊t/every⌋; cosine: minimum + (rate − minimum)·(1 + cos(πt/steps))/2; "
    "exponential: rate·factor^t; linearWarmup: rate·min(1, (t + 1)/steps); t counts from 0",
    "losses": "the loss before each update, on the whole batch",
}


def sgd(rate, **more):
    return {"name": "sgd", "learningRate": rate, **more}


def case(name, layers, activations, loss, optimizer, rows=6, **more):
    return {
        "name": name, "layers": layers, "activations": activations, "loss": loss,
        "optimizer": optimizer, "rows": rows, **more,
    }


def adam(rate, **more):
    return {"name": "adam", "learningRate": rate, "beta1": 0.9, "beta2": 0.999,
            "epsilon": 1e-8, **more}


CASES = [
    case("one neuron layer, delta rule", [3, 2], ["linear"], "halfSquaredError", sgd(0.1), rows=4),
    case("2-2-2 sigmoid", [2, 2, 2], ["sigmoid", "sigmoid"], "halfSquaredError", sgd(0.5), rows=1),
    case("sigmoid, SGD with weight decay", [4, 6, 3], ["sigmoid", "sigmoid"], "meanSquaredError",
         sgd(0.8, weightDecay=0.01)),
    case("tanh, momentum", [3, 5, 2], ["tanh", "linear"], "meanSquaredError",
         {"name": "momentum", "learningRate": 0.05, "momentum": 0.9}),
    case("tanh, momentum with weight decay, three layers", [5, 8, 6, 2],
         ["tanh", "tanh", "linear"], "huber",
         {"name": "momentum", "learningRate": 0.1, "momentum": 0.8, "weightDecay": 0.005}, rows=8),
    case("relu, Nesterov", [4, 10, 3], ["relu", "linear"], "crossEntropy",
         {"name": "nesterov", "learningRate": 0.05, "momentum": 0.9}, rows=8),
    case("softplus, Adagrad", [3, 7, 2], ["softplus", "linear"], "meanSquaredError",
         {"name": "adagrad", "learningRate": 0.1, "epsilon": 1e-10}),
    case("softsign, Adagrad with weight decay", [4, 6, 1], ["softsign", "linear"],
         "meanAbsoluteError",
         {"name": "adagrad", "learningRate": 0.05, "epsilon": 1e-10, "weightDecay": 0.01}),
    case("silu, RMSProp", [4, 8, 3], ["silu", "linear"], "crossEntropy",
         {"name": "rmsprop", "learningRate": 0.005, "decay": 0.99, "epsilon": 1e-8}, rows=8),
    case("elu, RMSProp with momentum and weight decay", [3, 6, 4, 2], ["elu", "elu", "linear"],
         "huber",
         {"name": "rmsprop", "learningRate": 0.002, "decay": 0.9, "epsilon": 1e-6,
          "momentum": 0.5, "weightDecay": 0.01}),
    case("gelu, Adam", [5, 9, 3], ["gelu", "linear"], "crossEntropy", adam(0.01), rows=8),
    case("leakyRelu, Adam with weight decay", [4, 8, 2], ["leakyRelu", "linear"],
         "binaryCrossEntropy", adam(0.02, weightDecay=0.01)),
    case("tanh, Adam with other betas", [3, 6, 2], ["tanh", "sigmoid"], "halfSquaredError",
         {"name": "adam", "learningRate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6}),
    case("gelu, AdamW, three layers", [6, 12, 8, 4], ["gelu", "gelu", "linear"], "crossEntropy",
         {"name": "adamw", "learningRate": 0.005, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8,
          "weightDecay": 0.05}, rows=8),
    case("hinge, SGD", [4, 1], ["linear"], "hinge", sgd(0.05), rows=8),
    case("hinge, silu, AdamW", [4, 6, 2], ["silu", "linear"], "hinge",
         {"name": "adamw", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8,
          "weightDecay": 0.01}, rows=8),
    case("label smoothing", [4, 7, 4], ["tanh", "linear"], "crossEntropy", adam(0.01), rows=8,
         labelSmoothing=0.1),
    case("class weights", [4, 7, 3], ["sigmoid", "linear"], "crossEntropy", sgd(0.5), rows=8,
         classWeights=[0.5, 2.0, 1.25]),
    case("label smoothing and class weights", [4, 7, 3], ["softplus", "linear"], "crossEntropy",
         sgd(0.2), rows=8, labelSmoothing=0.2, classWeights=[0.5, 2.0, 1.25]),
    case("l1 and l2 penalties", [5, 8, 2], ["tanh", "linear"], "meanSquaredError", sgd(0.1),
         rows=8, l1=0.001, l2=0.01),
    case("l2 penalty, Adam", [4, 6, 2], ["silu", "linear"], "binaryCrossEntropy", adam(0.01),
         l2=0.02),
    case("clipped gradients", [4, 8, 2], ["elu", "linear"], "halfSquaredError", sgd(0.3), rows=8,
         clipNorm=0.25),
    case("clipped gradients, penalties and Adam", [4, 8, 3], ["softsign", "linear"],
         "crossEntropy", adam(0.01), rows=8, clipNorm=0.5, l1=0.0005, l2=0.005),
    case("step schedule", [3, 5, 2], ["tanh", "linear"], "meanSquaredError", sgd(0.2),
         schedule={"name": "step", "every": 15, "factor": 0.5}),
    case("cosine schedule, momentum", [4, 6, 3], ["relu", "linear"], "crossEntropy",
         {"name": "momentum", "learningRate": 0.1, "momentum": 0.9}, rows=8,
         schedule={"name": "cosine", "steps": 50, "minimum": 0.001}),
    case("exponential schedule, RMSProp", [3, 6, 1], ["gelu", "linear"], "binaryCrossEntropy",
         {"name": "rmsprop", "learningRate": 0.01, "decay": 0.95, "epsilon": 1e-8},
         schedule={"name": "exponential", "factor": 0.97}),
    case("linear warm-up, AdamW", [4, 8, 2], ["silu", "linear"], "huber",
         {"name": "adamw", "learningRate": 0.02, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8,
          "weightDecay": 0.01}, schedule={"name": "linearWarmup", "steps": 10}),
    case("softmax regression", [5, 4], ["linear"], "crossEntropy", sgd(0.5), rows=8),
]


def dyadic(generator, scale):
    """A number in [-scale, scale] that is a multiple of 2^-10."""
    return round(generator.uniform(-scale, scale) * 1024) / 1024


def numbers(entry):
    """Starting weights, inputs and targets, from a generator seeded by the name."""
    generator = random.Random(entry["name"])
    layers, rows = entry["layers"], entry["rows"]
    initial = {}
    for index, (inputs, outputs) in enumerate(zip(layers, layers[1:]), start=1):
        scale = (6 / (inputs + outputs)) ** 0.5
        initial[f"dense{index}.weight"] = [
            [dyadic(generator, scale) for _ in range(outputs)] for _ in range(inputs)
        ]
        initial[f"dense{index}.bias"] = [dyadic(generator, 0.25) for _ in range(outputs)]
    batch = [[dyadic(generator, 1.5) for _ in range(layers[0])] for _ in range(rows)]
    outputs = layers[-1]

    def target():
        if entry["loss"] == "hinge":
            return generator.choice([-1.0, 1.0])
        if entry["loss"] == "binaryCrossEntropy":
            return generator.choice([0.0, 1.0, 0.25])
        if entry["activations"][-1] == "sigmoid":
            return 0.125 + 0.75 * generator.randrange(2)
        return dyadic(generator, 2)

    if entry["loss"] == "crossEntropy":
        # Every class occurs, as rows ≥ classes.
        targets = [row % outputs for row in range(rows)]
        generator.shuffle(targets)
    else:
        targets = [[target() for _ in range(outputs)] for _ in range(rows)]
    return initial, batch, targets


def make_optimizer(settings, parameters):
    name, rate = settings["name"], settings["learningRate"]
    decay = settings.get("weightDecay", 0)
    if name in ("sgd", "momentum", "nesterov"):
        return torch.optim.SGD(parameters, lr=rate, momentum=settings.get("momentum", 0),
                               weight_decay=decay, nesterov=name == "nesterov")
    if name == "adagrad":
        return torch.optim.Adagrad(parameters, lr=rate, eps=settings["epsilon"],
                                   weight_decay=decay)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=rate, alpha=settings["decay"],
                                   eps=settings["epsilon"], weight_decay=decay,
                                   momentum=settings.get("momentum", 0))
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
    return kind(parameters, lr=rate, betas=(settings["beta1"], settings["beta2"]),
                eps=settings["epsilon"], weight_decay=decay)


def make_schedule(settings, optimizer):
    name = settings["name"]
    schedules = torch.optim.lr_scheduler
    if name == "step":
        return schedules.StepLR(optimizer, settings["every"], settings["factor"])
    if name == "cosine":
        return schedules.CosineAnnealingLR(optimizer, settings["steps"], settings["minimum"])
    if name == "exponential":
        return schedules.ExponentialLR(optimizer, settings["factor"])
    if name == "linearWarmup":
        return schedules.LambdaLR(optimizer, lambda t: min(1.0, (t + 1) / settings["steps"]))
    raise ValueError(name)


def loss_of(entry, outputs, targets):
    loss = entry["loss"]
    if loss == "halfSquaredError":
        return 0.5 * ((targets - outputs) ** 2).sum(dim=1).mean()
    if loss == "meanSquaredError":
        return F.mse_loss(outputs, targets)
    if loss == "meanAbsoluteError":
        return F.l1_loss(outputs, targets)
    if loss == "huber":
        return F.huber_loss(outputs, targets, delta=1.0)
    if loss == "crossEntropy":
        weights = entry.get("classWeights")
        return F.cross_entropy(
            outputs, targets, label_smoothing=entry.get("labelSmoothing", 0.0),
            weight=None if weights is None else torch.tensor(weights, dtype=outputs.dtype))
    if loss == "binaryCrossEntropy":
        return F.binary_cross_entropy_with_logits(outputs, targets)
    if loss == "hinge":
        return torch.clamp(1 - targets * outputs, min=0).mean()
    raise ValueError(loss)


def train(entry, initial, batch, targets, dtype):
    """The losses before each update, the rate of each update, and the final parameters."""
    parameters = {
        name: torch.tensor(value, dtype=dtype, requires_grad=True)
        for name, value in initial.items()
    }
    x = torch.tensor(batch, dtype=dtype)
    t = torch.tensor(targets, dtype=torch.int64 if entry["loss"] == "crossEntropy" else dtype)
    optimizer = make_optimizer(entry["optimizer"], parameters.values())
    schedule = make_schedule(entry["schedule"], optimizer) if "schedule" in entry else None
    losses, rates = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        h = x
        for index, activation in enumerate(entry["activations"], start=1):
            h = h @ parameters[f"dense{index}.weight"] + parameters[f"dense{index}.bias"]
            assert activation != "softplus" or h.max() < 15, "PyTorch's softplus turns linear at 20"
            h = ACTIVATIONS[activation](h)
        loss = loss_of(entry, h, t)
        weights = [value for name, value in parameters.items() if name.endswith(".weight")]
        if "l1" in entry:
            loss = loss + entry["l1"] * sum(w.abs().sum() for w in weights)
        if "l2" in entry:
            loss = loss + entry["l2"] / 2 * sum((w * w).sum() for w in weights)
        losses.append(loss.item())
        rates.append(optimizer.param_groups[0]["lr"])
        loss.backward()
        if "clipNorm" in entry:
            torch.nn.utils.clip_grad_norm_(list(parameters.values()), entry["clipNorm"])
        optimizer.step()
        if schedule is not None:
            schedule.step()
    return losses, rates, {name: value.tolist() for name, value in parameters.items()}


def reference(entry):
    initial, batch, targets = numbers(entry)
    losses, rates, final = train(entry, initial, batch, targets, torch.float64)
    single, _, _ = train(entry, initial, batch, targets, torch.float32)
    apart = max(abs(a - b) for a, b in zip(losses, single))
    print(f"{entry['name']:50s} {losses[0]:9.6f} → {losses[-1]:9.6f}   Float32 apart {apart:.1e}")
    assert apart < FLOAT32_TOLERANCE, "this run depends on rounding; choose other settings"
    assert losses[-1] < losses[0], "this run does not learn"
    result = {key: value for key, value in entry.items() if key != "rows"}
    if "schedule" in entry:
        result["learningRates"] = rates
    return {**result, "initial": initial, "inputs": batch, "targets": targets,
            "losses": losses, "final": final}


def check_coverage():
    used = {activation for entry in CASES for activation in entry["activations"]}
    assert used == set(ACTIVATIONS), set(ACTIVATIONS) - used
    assert len({entry["name"] for entry in CASES}) == len(CASES)


def main():
    torch.set_num_threads(1)
    check_coverage()
    references = [reference(entry) for entry in CASES]
    blocks = []
    for entry in references:
        # One key a line, so that a change shows as a few lines.
        lines = [f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
                 for key, value in entry.items()]
        blocks.append("  {\n" + ",\n".join(lines) + "\n  }")
    versions = {"torch": torch.__version__, "numpy": numpy.__version__}
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(
        "{\n"
        f'"madeBy": "Scripts/make-training-references.py",\n'
        f'"versions": {json.dumps(versions)},\n'
        f'"conventions": {json.dumps(CONVENTIONS, ensure_ascii=False, indent=2)},\n'
        '"references": [\n' + ",\n".join(blocks) + "\n]\n}\n",
        encoding="utf-8",
    )
    print(f"{len(references)} references, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
