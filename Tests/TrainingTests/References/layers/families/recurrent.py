"""Recurrent layers beside torch.nn.RNN, LSTM and GRU, and beside loops written by hand: for Jordan's
network, for gradients that are cut at borders, and for padding that is not at the end."""

import numpy
import torch
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from .common import case, module, numbers, whole

FEATURES, UNITS, OUTPUTS = 2, 2, 3

# Our layer, PyTorch's class and its settings.
KINDS = {
    "elman": ({"kind": "elman"}, torch.nn.RNN, {"nonlinearity": "tanh"}),
    "elman relu": (
        {"kind": "elman", "activation": "relu"}, torch.nn.RNN, {"nonlinearity": "relu"}),
    "lstm": ({"kind": "lstm"}, torch.nn.LSTM, {}),
    "gru": ({"kind": "gru"}, torch.nn.GRU, {}),
}
GATES = {"elman": 1, "lstm": 4, "gru": 3}


def described(fields, kind, **recurrence):
    """A layer as JSON has it."""
    sizes = {"units": UNITS}
    if kind == "jordan":
        sizes["outputs"] = OUTPUTS
    return {**fields, **sizes, **recurrence}


def places(layers=1, isBidirectional=False, **_):
    """The prefixes of our names, layer by layer, and PyTorch's endings."""
    for layer in range(layers):
        own = "" if layer == 0 else f"layer{layer + 1}."
        yield layer, own, f"_l{layer}"
        if isBidirectional:
            yield layer, own + "reverse.", f"_l{layer}_reverse"


def parameters(kind, hasBias=True, **recurrence):
    """Our parameters' shapes."""
    shapes = {}
    given = OUTPUTS if kind == "jordan" else UNITS
    for layer, prefix, _ in places(**recurrence):
        wide = 2 if recurrence.get("isBidirectional") else 1
        features = FEATURES if layer == 0 else given * wide
        nets = GATES.get(kind, 1) * UNITS
        shapes[prefix + "inputWeight"] = (features, nets)
        shapes[prefix + "recurrentWeight"] = (given, nets)
        if kind == "jordan":
            shapes[prefix + "outputWeight"] = (UNITS, OUTPUTS)
        if hasBias:
            shapes[prefix + "bias"] = (nets,)
            if kind == "gru":
                shapes[prefix + "candidateBias"] = (UNITS,)
            if kind == "jordan":
                shapes[prefix + "outputBias"] = (OUTPUTS,)
    return shapes


def pytorch(name, lengths=None, hasBias=True, output="sequence", before="", **recurrence):
    """PyTorch's layer as a case's function; `before` is our path to the layer.

    lengths: of the sequences, where they are padded at the end.
    """
    fields, kind, settings = KINDS[name]
    recurrence = {
        key: value for key, value in recurrence.items() if key not in ("segment", "isTruncated")}
    layer = kind(
        FEATURES, UNITS, num_layers=recurrence.get("layers", 1), bias=hasBias, batch_first=True,
        bidirectional=recurrence.get("isBidirectional", False), **settings)
    mapping = {}
    for _, prefix, ending in places(**recurrence):
        path = before + prefix
        mapping["weight_ih" + ending] = lambda p, path=path: p[path + "inputWeight"].T
        mapping["weight_hh" + ending] = lambda p, path=path: p[path + "recurrentWeight"].T
        if not hasBias:
            continue
        # PyTorch adds two biases; ours has one, but for the GRU's candidate.
        mapping["bias_ih" + ending] = lambda p, path=path: p[path + "bias"]
        if fields["kind"] == "gru":
            mapping["bias_hh" + ending] = lambda p, path=path: torch.cat(
                [torch.zeros(2 * UNITS), p[path + "candidateBias"]])
        else:
            mapping["bias_hh" + ending] = lambda p, path=path: torch.zeros_like(p[path + "bias"])

    def packed(x):
        if lengths is None:
            return x
        return pack_padded_sequence(x, torch.tensor(lengths), True, enforce_sorted=False)

    def result(y):
        sequence, state = y
        if output == "last":
            state = state[0] if isinstance(state, tuple) else state
            return torch.cat(list(state[-2:] if layer.bidirectional else state[-1:]), dim=1)
        if lengths is None:
            return sequence
        return pad_packed_sequence(sequence, True, total_length=max(lengths))[0]

    return module(layer, mapping, before=packed, after=result)


# Loops by hand.


def step(kind, activations, p, path, x, state):
    """The next state, whose first part is the output."""
    net = x @ p[path + "inputWeight"] + p.get(path + "bias", 0)
    before = state[0] @ p[path + "recurrentWeight"]
    if kind == "lstm":
        i, f, g, o = (net + before).chunk(4, dim=1)
        cell = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
        return [torch.sigmoid(o) * torch.tanh(cell), cell]
    if kind == "gru":
        (r, z, n), (hr, hz, hn) = net.chunk(3, dim=1), before.chunk(3, dim=1)
        candidate = torch.tanh(
            n + torch.sigmoid(r + hr) * (hn + p.get(path + "candidateBias", 0)))
        update = torch.sigmoid(z + hz)
        return [(1 - update) * candidate + update * state[0]]
    hidden = activations[0](net + before)
    if kind == "elman":
        return [hidden]
    return [activations[1](
        hidden @ p[path + "outputWeight"] + p.get(path + "outputBias", 0))]


def by_hand(
    kind, activations=(torch.tanh, torch.sigmoid), mask=None, output="sequence", before="",
    segment=None, isTruncated=False, hasBias=True, **recurrence,
):
    """The same layers, step by step.

    mask: [batch][steps], 0 where a sequence is padded.
    """

    def direct(x, p, path, is_reversed):
        batch, steps, _ = x.shape
        size = OUTPUTS if kind == "jordan" else UNITS
        state = [torch.zeros(batch, size) for _ in range(2 if kind == "lstm" else 1)]
        given = [None] * steps
        order = list(range(steps))[::-1] if is_reversed else list(range(steps))
        for place, t in enumerate(order):
            border = (t + 1 if is_reversed else t) % segment == 0 if isTruncated else False
            if border and place > 0:
                state = [part.detach() for part in state]
            following = step(kind, activations, p, path, x[:, t], state)
            there = torch.ones(batch, 1)
            if mask is not None:
                there = torch.tensor(mask, dtype=torch.float64)[:, t : t + 1]
            given[t] = following[0] * there
            state = [torch.where(there > 0, b, a) for a, b in zip(state, following)]
        return torch.stack(given, dim=1), state[0]

    def run(x, p):
        results = []
        for layer, prefix, ending in places(**recurrence):
            if layer > 0 and not ending.endswith("reverse"):
                x, results = torch.cat([y for y, _ in results], dim=2), []
            results.append(direct(x, p, before + prefix, ending.endswith("reverse")))
        if output == "last":
            return torch.cat([last for _, last in results], dim=1)
        return torch.cat([y for y, _ in results], dim=2)

    return run


def padded(x, mask, value):
    """The input with its padding: steps all of whose features are the value."""
    for row, steps in enumerate(mask):
        for t, there in enumerate(steps):
            if not there:
                x[row, t] = value
    return x


def titled(name, **settings):
    """A case's name: what differs from a plain layer."""
    shown = {"isBidirectional": "both directions", "isTruncated": "truncated"}
    parts = []
    for key, value in settings.items():
        parts.append(shown.get(key, f"{key} {value}") if value is not False else f"not {key}")
    return ", ".join([f"recurrent/{name}"] + parts)


SETTINGS = [
    {}, {"hasBias": False}, {"output": "last"}, {"layers": 2}, {"layers": 3, "output": "last"},
    {"isBidirectional": True}, {"isBidirectional": True, "output": "last"},
    {"layers": 2, "isBidirectional": True, "hasBias": False}, {"segment": 2}, {"segment": 5},
    {"layers": 2, "isBidirectional": True, "output": "last", "segment": 3},
]
TRUNCATED = [
    {"segment": 2}, {"segment": 1, "output": "last"},
    {"layers": 2, "isBidirectional": True, "segment": 3},
]
# Lengths, all but the first below the five steps.
LENGTHS = [5, 2, 3]
TRAILING = [[int(t < length) for t in range(5)] for length in LENGTHS]
SCATTERED = [[1, 0, 1, 1, 0], [0, 0, 1, 0, 1], [0, 0, 0, 0, 0]]


def masked(layer, value=0.0):
    masking = {"kind": "masking", "value": value}
    return {"kind": "sequential", "layers": [masking, {**layer, "name": "reader"}]}


def under(prefix, shapes):
    return {prefix + name: shape for name, shape in shapes.items()}


def cases():
    for number, (name, (fields, _, _)) in enumerate(KINDS.items()):
        kind = fields["kind"]
        activations = (torch.relu,) if name.endswith("relu") else (torch.tanh,)
        # What only the activation tells apart is the same in all else.
        few = 3 if name.endswith("relu") else None
        for settings in SETTINGS[:few]:
            yield case(
                titled(name, **settings), described(fields, kind, **settings),
                pytorch(name, **settings), numbers(2, 5, FEATURES, seed=number),
                parameters(kind, **settings))
        for settings in TRUNCATED[:few and 1]:
            settings = {**settings, "isTruncated": True}
            yield case(
                titled(name, **settings), described(fields, kind, **settings),
                by_hand(kind, activations, **settings), numbers(2, 5, FEATURES, seed=number),
                parameters(kind, **settings))
        for settings in [
            {}, {"output": "last"}, {"layers": 2, "isBidirectional": True},
            {"isBidirectional": True, "output": "last", "segment": 2},
        ][:few]:
            x = padded(numbers(3, 5, FEATURES, seed=number), TRAILING, 0)
            yield case(
                titled(name + " lengths", **settings),
                masked(described(fields, kind, **settings)),
                pytorch(name, LENGTHS, before="reader.", **settings), x,
                under("reader.", parameters(kind, **settings)))
        settings = {"layers": 2, "isBidirectional": number % 2 == 0, "output": "last"}
        yield case(
            f"recurrent/{name} scattered padding", masked(described(fields, kind, **settings), -1.5),
            by_hand(kind, activations, mask=SCATTERED, before="reader.", **settings),
            padded(numbers(3, 5, FEATURES, seed=number), SCATTERED, -1.5),
            under("reader.", parameters(kind, **settings)))
        yield tokens(name, fields, number)
    yield from jordan()


def tokens(name, fields, number):
    """Sequences of tokens, whose token 0 is padding."""
    x = numpy.where(numpy.array(TRAILING) > 0, whole(3, 5, low=1, high=4, seed=number), 0)
    settings = {"layers": 2, "output": ["last", "sequence"][number % 2]}
    reader = pytorch(name, LENGTHS, before="reader.", **settings)

    def run(x, p):
        x = x.long()
        return reader(F.embedding(x, p["tokens.weight"]) * (x != 0)[:, :, None], p)

    layer = described(fields, fields["kind"], **settings)
    return case(
        titled(name + " tokens", **settings),
        {"kind": "sequential", "layers": [
            {"kind": "embedding", "vocabulary": 4, "units": FEATURES, "paddingIndex": 0,
             "name": "tokens"}, {**layer, "name": "reader"}]},
        run, x.astype(numpy.float64 if number > 1 else numpy.int32),
        {"tokens.weight": (4, FEATURES),
         **under("reader.", parameters(fields["kind"], **settings))})


def jordan():
    functions = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid,
                 "linear": lambda x: x}
    for pair in [("tanh", "sigmoid"), ("sigmoid", "linear"), ("relu", "tanh")]:
        fields = {"kind": "jordan", "activation": pair[0], "outputActivation": pair[1]}
        for settings in SETTINGS if pair[0] == "tanh" else SETTINGS[:1]:
            yield case(
                titled("jordan " + " ".join(pair), **settings),
                described(fields, "jordan", **settings),
                by_hand("jordan", [functions[name] for name in pair], **settings),
                numbers(2, 5, FEATURES), parameters("jordan", **settings))
    fields = {"kind": "jordan"}
    for settings in TRUNCATED:
        settings = {**settings, "isTruncated": True}
        yield case(
            titled("jordan", **settings), described(fields, "jordan", **settings),
            by_hand("jordan", **settings), numbers(2, 5, FEATURES),
            parameters("jordan", **settings))
    for number, mask in enumerate([TRAILING, SCATTERED]):
        settings = {"isBidirectional": True, "output": ["sequence", "last"][number]}
        yield case(
            f"recurrent/jordan padding {number + 1}",
            masked(described(fields, "jordan", **settings)),
            by_hand("jordan", mask=mask, before="reader.", **settings),
            padded(numbers(3, 5, FEATURES), mask, 0),
            under("reader.", parameters("jordan", **settings)))
