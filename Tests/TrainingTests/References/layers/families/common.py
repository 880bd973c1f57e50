"""What every family uses: cases, PyTorch's answers to them, and the file they go to.

A family is a module with a function `cases` that yields `case(…)`:

    yield case(
        "dense/tanh", {"kind": "dense", "units": 3, "activation": "tanh"},
        lambda x, p: torch.tanh(x @ p["weight"] + p["bias"]),
        numbers(2, 4), parameters={"weight": (4, 3), "bias": (3,)})

The function gets the input and a dictionary of *our* parameters in *our* layout, and brings both
into PyTorch's by differentiable steps (permute, reshape, cat): so PyTorch's gradients and updates
come back in our layout by themselves. `module` does so for a torch.nn.Module.
"""

import dataclasses
import itertools
import json
import zlib

import numpy
import torch

STEPS = 5

# By turns; none divides by a gradient that is mere rounding, as epsilon is 10⁻⁶.
OPTIMIZERS = {
    "sgd": {"learningRate": 0.05, "weightDecay": 0.01},
    "momentum": {"learningRate": 0.02, "momentum": 0.9, "weightDecay": 0.0},
    "adam": {
        "learningRate": 0.03, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6, "weightDecay": 0.0},
    "rmsprop": {
        "learningRate": 0.01, "decay": 0.95, "epsilon": 1e-6, "momentum": 0.5, "weightDecay": 0.0},
    "adamw": {
        "learningRate": 0.03, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6, "weightDecay": 0.1},
}


@dataclasses.dataclass
class Case:
    """See `case`."""

    name: str
    layer: dict
    run: object
    input: numpy.ndarray
    parameters: dict
    states: dict
    loss: dict
    loss_function: object
    target: numpy.ndarray
    training: bool
    optimizer: str


def case(
    name, layer, run, input, parameters=None, states=None, loss=None, loss_function=None,
    target=None, training=True, optimizer=None,
):
    """One case.

    name: FAMILY/WORDS, for messages; each once.
    layer: our architecture as JSON has it; None for a loss alone, whose output is the input.
    run: (x, p) -> output, or (output, penalty) where the layer adds to the loss in training. `p` has
        parameters and states by our names; new values of states are written into p's tensors. None
        for a loss alone. A `module(…)` is one.
    input: an array of float64 or int32, batch first.
    parameters, states: by our names (paths, such as "dense1.weight"): shapes, whose numbers are then
        drawn, or arrays. States are not trained.
    loss: our loss as JSON has it; None for Σ output · c with fixed random c.
    loss_function: (output, target) -> scalar, with the loss.
    target: an array of float64 or int32, with the loss.
    training: whether the layers are applied for training.
    optimizer: a name of OPTIMIZERS; unless told otherwise they take turns.
    """
    return Case(
        name, layer, run, numpy.asarray(input), parameters or {}, states or {}, loss,
        loss_function, None if target is None else numpy.asarray(target), training, optimizer)


def generator(words):
    """Random numbers of their own for each text."""
    return numpy.random.Generator(numpy.random.PCG64(zlib.crc32(words.encode())))


def numbers(*shape, low=-1.0, high=1.0, seed=0):
    """Float64 numbers, uniform between low and high."""
    return generator(f"{shape} {seed}").uniform(low, high, shape)


def whole(*shape, low=0, high, seed=0):
    """Int32 numbers from low up to but not including high, for tokens and classes."""
    return generator(f"{shape} {seed}").integers(low, high, shape).astype(numpy.int32)


def module(module, mapping, before=lambda x: x, after=lambda y: y):
    """A torch.nn.Module as a case's function.

    mapping: for each of its parameters and buffers that count, by its PyTorch name, a function from
        our parameters p to PyTorch's tensor: {"weight": lambda p: p["weight"].T}.
    before, after: from our input to PyTorch's, and from PyTorch's output to ours.
    """
    module = module.double()
    named = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    named = {name for name in named if not name.endswith("num_batches_tracked")}
    if named != set(mapping):
        raise ValueError(f"mapping has {sorted(mapping)}, expected {sorted(named)}")

    def run(x, p):
        values = {name: value(p) for name, value in mapping.items()}
        return after(torch.func.functional_call(module, values, (before(x),)))

    run.module = module
    return run


def channels_first(x):
    """[batch, spatial…, channels] → [batch, channels, spatial…]."""
    return x.movedim(-1, 1)


def channels_last(x):
    """[batch, channels, spatial…] → [batch, spatial…, channels]."""
    return x.movedim(1, -1)


# What PyTorch makes of a case.


def answers(case, optimizer):
    """The case's tensors by name, in the order of the file, and its line in the list."""
    if hasattr(case.run, "module"):
        case.run.module.train(case.training)
    initial, states = ({name: array(case.name, name, value) for name, value in group.items()}
                       for group in (case.parameters, case.states))
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in initial.items()}
    x = torch.tensor(case.input)
    if x.is_floating_point():
        x.requires_grad_()

    def applied(buffers):
        """The output, and what is added to the loss in training."""
        if case.run is None:
            return x, 0
        result = case.run(x, {**leaves, **buffers})
        return result if isinstance(result, tuple) else (result, 0)

    def fresh():
        return {name: torch.tensor(value) for name, value in states.items()}

    with torch.no_grad():
        shape = tuple(applied(fresh())[0].shape)
    coefficients = numpy.asarray(generator(case.name + " coefficients").uniform(-1, 1, shape))
    target = None if case.target is None else torch.tensor(case.target)
    if target is not None and not target.is_floating_point():
        target = target.long()

    def value(buffers):
        output, penalty = applied(buffers)
        if case.loss is None:
            return output, (output * torch.tensor(coefficients)).sum() + penalty
        return output, case.loss_function(output, target) + penalty

    output, scalar = value(fresh())
    wanted = ([x] if x.requires_grad else []) + list(leaves.values())
    gradients = [
        torch.zeros_like(leaf) if gradient is None else gradient
        for leaf, gradient in zip(wanted, torch.autograd.grad(scalar, wanted, allow_unused=True))]

    tensors = {"input": case.input}
    if case.loss is None:
        tensors["coefficients"] = coefficients
    else:
        tensors["target"] = case.target
    tensors.update({f"initial/{name}": value for name, value in {**initial, **states}.items()})
    tensors["output"] = output
    tensors["value"] = scalar
    if x.requires_grad:
        tensors["inputGradient"] = gradients.pop(0)
    for name, gradient in zip(leaves, gradients):
        tensors[f"gradient/{name}"] = gradient

    line = {"name": case.name, "isTraining": case.training}
    if case.layer is not None:
        line["layer"] = case.layer
    if case.loss is not None:
        line["loss"] = case.loss
    if leaves:
        buffers = fresh()
        step = made(optimizer, list(leaves.values()))
        for _ in range(STEPS):
            step.zero_grad()
            value(buffers)[1].backward()
            step.step()
        line["optimizer"] = {"kind": optimizer, **OPTIMIZERS[optimizer]}
        for name, final in {**leaves, **buffers}.items():
            tensors[f"final/{name}"] = final
    # A copy: what a tensor is a view of may change later.
    arrays = {
        name: numpy.array(value.detach() if torch.is_tensor(value) else value, order="C")
        for name, value in tensors.items()}
    for name, found in arrays.items():
        if found.dtype not in (numpy.float64, numpy.int32):
            raise ValueError(f"{case.name}: {name} is {found.dtype}, expected float64 or int32")
        if not numpy.isfinite(found).all():
            raise ValueError(f"{case.name}: {name} is not finite")
    return arrays, line


def array(words, name, value):
    """A given array, or numbers for a shape."""
    if isinstance(value, tuple):
        return generator(f"{words} {name}").uniform(-0.8, 0.8, value)
    return numpy.asarray(value)


def made(name, leaves):
    """PyTorch's optimizer, with our names' settings."""
    settings = OPTIMIZERS[name]
    common = {"lr": settings["learningRate"], "weight_decay": settings["weightDecay"]}
    if name in ("adam", "adamw"):
        kind = torch.optim.Adam if name == "adam" else torch.optim.AdamW
        return kind(
            leaves, betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"], **common)
    if name == "rmsprop":
        return torch.optim.RMSprop(
            leaves, alpha=settings["decay"], eps=settings["epsilon"],
            momentum=settings["momentum"], **common)
    return torch.optim.SGD(leaves, momentum=settings.get("momentum", 0), **common)


# The file.


def write(family, cases, path):
    """Writes a family's file, and returns the number of its cases."""
    turns = itertools.cycle(OPTIMIZERS)
    lines, tensors = [], {}
    for case in cases:
        if any(line["name"] == case.name for line in lines):
            raise ValueError(f"two cases are named {case.name}")
        optimizer = case.optimizer or next(turns)
        try:
            arrays, line = answers(case, optimizer)
        except Exception as error:
            raise RuntimeError(f"{case.name}: {error}") from error
        lines.append(line)
        tensors.update({f"{case.name}/{name}": value for name, value in arrays.items()})
    metadata = {
        "family": family, "madeBy": "make_references.py", "torch": torch.__version__,
        "cases": json.dumps(lines, ensure_ascii=False),
    }
    path.write_bytes(safetensors(tensors, metadata))
    return len(lines)


def safetensors(tensors, metadata):
    """The bytes of a safetensors file, in this order: the package's own writer keeps none among the
    metadata, and so gives other bytes each time."""
    kinds = {"float64": "F64", "int32": "I32"}
    header, data = {"__metadata__": metadata}, []
    place = 0
    for name, value in tensors.items():
        content = value.astype(value.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": kinds[value.dtype.name], "shape": list(value.shape),
            "data_offsets": [place, place + len(content)]}
        place += len(content)
        data.append(content)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(data)
