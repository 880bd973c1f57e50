"""Embeddings, positions, attention, and the blocks of transformers, beside torch.nn's.

The gradient by a bias of keys is nothing but rounding, as it moves all scores of a step alike: so
the cases with one use SGD.
"""

import math

import numpy
import torch
import torch.nn.functional as F

from .common import case, module, numbers, whole


def cases():
    yield from embeddings()
    yield from positions()
    yield from attentions()
    yield from masked()
    yield from gates()
    yield from encoder_blocks()
    yield from decoder_blocks()
    yield from transformers()


# Embeddings and positions.


def padded(words, vocabulary, units, padding):
    """An embedding's numbers with zeros for the padding token, as PyTorch starts it."""
    weight = numbers(vocabulary, units, low=-0.8, high=0.8, seed=len(words))
    weight[padding] = 0
    return weight


def embeddings():
    layer = {"kind": "embedding", "vocabulary": 5, "units": 3}
    weight = {"weight": (5, 3)}
    look = lambda x, p: F.embedding(x.long(), p["weight"])
    yield case("embedding/tokens", layer, look, whole(2, 4, high=5), parameters=weight)
    yield case(
        "embedding/floating-point tokens", layer, look, whole(3, 2, high=5).astype(float),
        parameters=weight)
    yield case("embedding/one token", layer, look, whole(6, high=5), parameters=weight)
    yield case("embedding/three axes", layer, look, whole(2, 2, 3, high=5), parameters=weight)
    yield case(
        "embedding/scaled", {**layer, "isScaled": True},
        lambda x, p: look(x, p) * math.sqrt(3), whole(2, 4, high=5, seed=1), parameters=weight)
    for padding in [0, 3]:
        yield case(
            f"embedding/padding {padding}", {**layer, "paddingIndex": padding},
            module(
                torch.nn.Embedding(5, 3, padding_idx=padding), {"weight": lambda p: p["weight"]}),
            whole(3, 5, high=5, seed=padding),
            parameters={"weight": padded("embedding", 5, 3, padding)})
    for has_bias in [False, True]:
        names = {"tokens.weight": (5, 3), "dense1.weight": (3, 3), "dense1.bias": (3,)}
        if has_bias:
            names["tiedOutput1.bias"] = (5,)
        layers = [
            {**layer, "name": "tokens"}, {"kind": "dense", "units": 3, "activation": "tanh"},
            {"kind": "tiedOutput", "embedding": "tokens", "hasBias": has_bias}]

        def tied(x, p):
            hidden = F.embedding(x, p["tokens.weight"]) @ p["dense1.weight"] + p["dense1.bias"]
            return F.linear(torch.tanh(hidden), p["tokens.weight"], p.get("tiedOutput1.bias"))

        yield case(
            f"tied output/{'bias' if has_bias else 'no bias'}",
            {"kind": "sequential", "layers": layers}, tied, whole(2, 4, high=5, seed=2),
            parameters=names)
        yield case(
            f"tied output/cross-entropy, {'bias' if has_bias else 'no bias'}",
            {"kind": "sequential", "layers": layers}, tied, whole(2, 4, high=5, seed=3),
            parameters=names, loss={"kind": "crossEntropy"},
            loss_function=lambda o, t: F.cross_entropy(o.flatten(0, 1), t.flatten()),
            target=whole(2, 4, high=5, seed=4))


def waves(steps, features, base=10_000.0):
    """The sines and cosines of "Attention is all you need"."""
    position = torch.arange(steps, dtype=torch.float64)[:, None]
    even = features + features % 2
    rate = torch.exp(torch.arange(0, even, 2, dtype=torch.float64) * (-math.log(base) / even))
    table = torch.zeros(steps, even, dtype=torch.float64)
    table[:, 0::2] = torch.sin(position * rate)
    table[:, 1::2] = torch.cos(position * rate)
    return table[:, :features]


def positions():
    for steps, features, base in [(4, 6, 10_000.0), (7, 2, 100.0), (3, 5, 10_000.0)]:
        yield case(
            f"positions/waves, {steps} steps of {features}, base {base:g}",
            {"kind": "positionalEncoding", "base": base},
            lambda x, p, base=base: x + waves(x.shape[1], x.shape[2], base),
            numbers(2, steps, features))
    for longest in [3, 5]:
        yield case(
            f"positions/learned, 3 of {longest}",
            {"kind": "positionEmbedding", "longest": longest},
            lambda x, p: x + p["weight"][: x.shape[1]], numbers(2, 3, 4),
            parameters={"weight": (longest, 4)})


# Attention.

PARTS = ["query", "key", "value", "output"]


def linear_shapes(name, inputs, outputs, has_bias=True):
    shapes = {name + "Weight": (inputs, outputs)}
    if has_bias:
        shapes[name + "Bias"] = (outputs,)
    return shapes


def attention_shapes(features, units=None, key_value=None, memory=None, has_bias=True, path=""):
    """Our parameters of an attention."""
    units, memory = units or features, memory or features
    key_value = key_value or units
    sizes = [(features, units), (memory, key_value), (memory, key_value), (units, units)]
    shapes = {}
    for part, (inputs, outputs) in zip(PARTS, sizes):
        shapes.update(linear_shapes(path + part, inputs, outputs, has_bias))
    return shapes


def attention_mapping(theirs, ours, has_bias=True):
    """The parameters of torch.nn.MultiheadAttention from ours."""
    def joined(p, what):
        parts = [p[f"{ours}{part}{what}"] for part in PARTS[:3]]
        return torch.cat([part.T if part.dim() == 2 else part for part in parts])

    mapping = {
        theirs + "in_proj_weight": lambda p: joined(p, "Weight"),
        theirs + "out_proj.weight": lambda p: p[ours + "outputWeight"].T,
    }
    if has_bias:
        mapping[theirs + "in_proj_bias"] = lambda p: joined(p, "Bias")
        mapping[theirs + "out_proj.bias"] = lambda p: p[ours + "outputBias"]
    return mapping


def later(steps):
    """True where a step may not look: at later ones."""
    return torch.ones(steps, steps, dtype=torch.bool).triu(1)


class SelfAttention(torch.nn.Module):
    def __init__(self, features, heads, is_causal, has_bias):
        super().__init__()
        self.inner = torch.nn.MultiheadAttention(features, heads, bias=has_bias, batch_first=True)
        self.is_causal = is_causal

    def forward(self, x):
        mask = later(x.shape[1]) if self.is_causal else None
        return self.inner(x, x, x, attn_mask=mask, need_weights=False)[0]


def turned(x, base):
    """Rotary positions for [batch, steps, heads, features], by complex numbers."""
    steps, half = x.shape[1], x.shape[3] // 2
    rates = base ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.arange(steps, dtype=torch.float64)[:, None] * rates
    turns = torch.polar(torch.ones_like(angles), angles)[:, None, :]
    both = torch.complex(x[..., :half], x[..., half:]) * turns
    return torch.cat([both.real, both.imag], -1)


def attend(x, p, heads, key_value_heads=None, memory=None, is_causal=False, base=None,
           present=None, path=""):
    """Attention by PyTorch's scaled_dot_product_attention, for what its module cannot do."""
    memory = x if memory is None else memory

    def projected(part, source, count):
        y = source @ p[f"{path}{part}Weight"] + p.get(f"{path}{part}Bias", 0)
        y = y.unflatten(-1, (count, -1))
        return y if base is None or part == "value" else turned(y, base)

    count = key_value_heads or heads
    q, k, v = (projected(part, source, number).transpose(1, 2) for part, source, number in [
        ("query", x, heads), ("key", memory, count), ("value", memory, count)])
    mask = None if present is None else present[:, None, None, :].bool()
    y = F.scaled_dot_product_attention(
        q, k, v, attn_mask=mask, is_causal=is_causal, enable_gqa=count != heads)
    y = y.transpose(1, 2).flatten(2)
    return y @ p[path + "outputWeight"] + p.get(path + "outputBias", 0)


def attentions():
    for features, heads in [(4, 1), (4, 2), (6, 3)]:
        for is_causal in [False, True]:
            for has_bias in [True, False]:
                words = ("causal" if is_causal else "all steps") + ("" if has_bias else ", no bias")
                yield case(
                    f"attention/{features} features, {heads} heads, {words}",
                    {"kind": "multiHeadAttention", "heads": heads, "isCausal": is_causal,
                     "hasBias": has_bias},
                    module(
                        SelfAttention(features, heads, is_causal, has_bias),
                        attention_mapping("inner.", "", has_bias)),
                    numbers(2, 4, features, seed=heads),
                    parameters=attention_shapes(features, has_bias=has_bias),
                    optimizer="sgd" if has_bias else None)
    layer = {"kind": "multiHeadAttention", "heads": 4}
    for count in [1, 2]:
        for is_causal in [False, True]:
            yield case(
                f"attention/{count} of 4 heads of keys{', causal' if is_causal else ''}",
                {**layer, "keyValueHeads": count, "isCausal": is_causal},
                lambda x, p, count=count, is_causal=is_causal: attend(
                    x, p, 4, count, is_causal=is_causal),
                numbers(2, 3, 8, seed=count), parameters=attention_shapes(8, key_value=2 * count),
                optimizer="sgd")
    yield case(
        "attention/units", {**layer, "units": 8, "hasBias": False},
        lambda x, p: attend(x, p, 4), numbers(2, 3, 5),
        parameters=attention_shapes(5, units=8, has_bias=False))
    for base, is_causal, count in [(10_000.0, False, 4), (100.0, True, 4), (10_000.0, True, 2)]:
        yield case(
            f"attention/rotary, base {base:g}, {count} heads of keys",
            {**layer, "isRotary": True, "rotaryBase": base, "isCausal": is_causal,
             "keyValueHeads": count, "hasBias": False},
            lambda x, p, base=base, is_causal=is_causal, count=count: attend(
                x, p, 4, count, is_causal=is_causal, base=base),
            numbers(2, 5, 16, seed=count),
            parameters=attention_shapes(16, key_value=4 * count, has_bias=False))
    yield case(
        "attention/evaluation", {"kind": "multiHeadAttention", "heads": 2, "dropout": 0.5},
        module(SelfAttention(4, 2, False, True), attention_mapping("inner.", "")),
        numbers(2, 3, 4), parameters=attention_shapes(4), training=False, optimizer="sgd")


TOKENS = numpy.array([[2, 1, 3, 0, 0], [1, 0, 0, 0, 0], [4, 2, 2, 1, 3]], dtype=numpy.int32)
PADDED_LEFT = TOKENS[:, ::-1].copy()


def masked():
    """Attention behind an embedding with a padding token."""
    for name, tokens in [("right", TOKENS), ("left", PADDED_LEFT)]:
        for is_causal in [False, True] if name == "right" else [False]:
            names = {"embedding1.weight": padded(name, 5, 4, 0)}
            names.update(attention_shapes(4, has_bias=False, path="attention."))
            layers = [
                {"kind": "embedding", "vocabulary": 5, "units": 4, "paddingIndex": 0},
                {"kind": "multiHeadAttention", "heads": 2, "isCausal": is_causal,
                 "hasBias": False, "name": "attention"}]

            def run(x, p, is_causal=is_causal):
                attention = torch.nn.MultiheadAttention(
                    4, 2, bias=False, batch_first=True).double()
                values = {name: value(p) for name, value in
                          attention_mapping("", "attention.", False).items()}
                y = F.embedding(x.long(), p["embedding1.weight"], padding_idx=0)
                # A mask of numbers, so that both masks are of one kind.
                hidden = torch.zeros(x.shape, dtype=y.dtype).masked_fill(x == 0, -math.inf)
                causal = torch.zeros(x.shape[1], x.shape[1], dtype=y.dtype)
                causal = causal.masked_fill(later(x.shape[1]), -math.inf) if is_causal else None
                return torch.func.functional_call(
                    attention, values, (y, y, y),
                    {"key_padding_mask": hidden, "attn_mask": causal, "need_weights": False})[0]

            yield case(
                f"attention/padding on the {name}{', causal' if is_causal else ''}",
                {"kind": "sequential", "layers": layers}, run, tokens, parameters=names)


def gates():
    for name, function in [("sigmoid", torch.sigmoid), ("silu", F.silu), ("gelu", F.gelu),
                           ("relu", torch.relu)]:
        layer = {"kind": "gatedLinearUnit", "activation": name}
        run = F.glu if name == "sigmoid" else (
            lambda x, f=function: x[..., : x.shape[-1] // 2] * f(x[..., x.shape[-1] // 2:]))
        yield case(f"gated linear unit/{name}", layer, lambda x, p, run=run: run(x), numbers(3, 6))
    yield case(
        "gated linear unit/sequences", {"kind": "gatedLinearUnit"}, lambda x, p: F.glu(x),
        numbers(2, 3, 4))


# Blocks.


def dense_shapes(path, inputs, outputs, has_bias=True):
    shapes = {path + ".weight": (inputs, outputs)}
    if has_bias:
        shapes[path + ".bias"] = (outputs,)
    return shapes


def block_shapes(features, inner, norms, attentions=("attention",), has_bias=True, is_gated=False,
                 has_shift=True, path=""):
    """Our parameters of a block."""
    shapes = {}
    for name in attentions:
        shapes.update(attention_shapes(features, has_bias=has_bias, path=f"{path}{name}."))
    for number in range(1, norms + 1):
        shapes[f"{path}norm{number}.scale"] = (features,)
        if has_bias and has_shift:
            shapes[f"{path}norm{number}.shift"] = (features,)
    shapes.update(dense_shapes(path + "expand", features, inner, has_bias))
    if is_gated:
        shapes.update(dense_shapes(path + "gate", features, inner, has_bias))
    shapes.update(dense_shapes(path + "contract", inner, features, has_bias))
    return shapes


def pair(theirs, ours, has_bias=True, names=("weight", "bias")):
    """A linear layer's or a normalization's parameters from ours."""
    def value(p):
        found = p[f"{ours}.{names[0]}"]
        return found.T if found.dim() == 2 else found

    mapping = {theirs + ".weight": value}
    if has_bias:
        mapping[theirs + ".bias"] = lambda p: p[f"{ours}.{names[1]}"]
    return mapping


def block_mapping(theirs, ours, norms, attentions, has_bias=True):
    mapping = {}
    for their_name, our_name in attentions.items():
        mapping.update(attention_mapping(f"{theirs}{their_name}.", f"{ours}{our_name}.", has_bias))
    for number in range(1, norms + 1):
        mapping.update(pair(
            f"{theirs}norm{number}", f"{ours}norm{number}", has_bias, ("scale", "shift")))
    mapping.update(pair(theirs + "linear1", ours + "expand", has_bias))
    mapping.update(pair(theirs + "linear2", ours + "contract", has_bias))
    return mapping


ENCODER = {"self_attn": "attention"}
DECODER = {"self_attn": "attention", "multihead_attn": "crossAttention"}


class EncoderBlock(torch.nn.Module):
    def __init__(self, is_causal=False, has_bias=True, **settings):
        super().__init__()
        self.inner = torch.nn.TransformerEncoderLayer(
            dropout=0, batch_first=True, bias=has_bias, **settings)
        self.is_causal = is_causal

    def forward(self, x):
        return self.inner(x, src_mask=later(x.shape[1]) if self.is_causal else None)


class DecoderBlock(torch.nn.Module):
    def __init__(self, memory_steps, has_bias=True, **settings):
        super().__init__()
        self.inner = torch.nn.TransformerDecoderLayer(
            dropout=0, batch_first=True, bias=has_bias, **settings)
        self.memory_steps = memory_steps

    def forward(self, x):
        memory, x = x[:, : self.memory_steps], x[:, self.memory_steps:]
        return self.inner(x, memory, tgt_mask=later(x.shape[1]))


def llama(x, p, heads, key_value_heads):
    """A block as LLaMA's: rotary positions, root mean squares, SwiGLU."""
    norm = lambda x, name: F.rms_norm(x, x.shape[-1:], p[name + ".scale"], 1e-5)
    x = x + attend(norm(x, "norm1"), p, heads, key_value_heads, is_causal=True, base=10_000.0,
                   path="attention.")
    y = norm(x, "norm2")
    return x + (F.silu(y @ p["expand.weight"]) * (y @ p["gate.weight"])) @ p["contract.weight"]


def encoder_blocks():
    for norm_first in [True, False]:
        for activation in ["gelu", "relu"]:
            for is_causal in [False, True]:
                words = [f"norm {'first' if norm_first else 'last'}", activation]
                yield case(
                    "encoder block/" + ", ".join(words + ["causal"] * is_causal),
                    {"kind": "transformerEncoderBlock", "heads": 2, "feedForward": 6,
                     "activation": activation, "normalizesFirst": norm_first,
                     "isCausal": is_causal},
                    module(
                        EncoderBlock(
                            is_causal, d_model=4, nhead=2, dim_feedforward=6,
                            activation=activation, norm_first=norm_first),
                        block_mapping("inner.", "", 2, ENCODER)),
                    numbers(2, 3, 4, seed=len(words[1])), parameters=block_shapes(4, 6, 2),
                    optimizer="sgd")
        yield case(
            f"encoder block/norm {'first' if norm_first else 'last'}, no bias",
            {"kind": "transformerEncoderBlock", "heads": 1, "feedForward": 5,
             "normalizesFirst": norm_first, "hasBias": False},
            module(
                EncoderBlock(
                    has_bias=False, d_model=4, nhead=1, dim_feedforward=5,
                    activation="gelu", norm_first=norm_first),
                block_mapping("inner.", "", 2, ENCODER, has_bias=False)),
            numbers(2, 3, 4), parameters=block_shapes(4, 5, 2, has_bias=False))
    for count in [2, 1]:
        shapes = block_shapes(8, 6, 2, has_bias=False, is_gated=True)
        shapes.update(attention_shapes(8, key_value=4 * count, has_bias=False, path="attention."))
        yield case(
            f"encoder block/rotary, root mean square, SwiGLU, {count} heads of keys",
            {"kind": "transformerEncoderBlock", "heads": 2, "feedForward": 6,
             "activation": "silu", "isGated": True, "normalization": "rms", "isCausal": True,
             "isRotary": True, "keyValueHeads": count, "hasBias": False},
            lambda x, p, count=count: llama(x, p, 2, count), numbers(2, 4, 8), parameters=shapes)


def decoder_blocks():
    for norm_first in [True, False]:
        for activation in ["gelu", "relu"]:
            for has_bias in [True, False]:
                yield case(
                    f"decoder block/norm {'first' if norm_first else 'last'}, {activation}"
                    + ("" if has_bias else ", no bias"),
                    {"kind": "transformerDecoderBlock", "heads": 2, "memorySteps": 2,
                     "feedForward": 5, "activation": activation, "normalizesFirst": norm_first,
                     "hasBias": has_bias},
                    module(
                        DecoderBlock(
                            2, has_bias, d_model=4, nhead=2, dim_feedforward=5,
                            activation=activation, norm_first=norm_first),
                        block_mapping("inner.", "", 3, DECODER, has_bias)),
                    numbers(2, 5, 4, seed=len(activation)),
                    parameters=block_shapes(
                        4, 5, 3, ("attention", "crossAttention"), has_bias=has_bias),
                    optimizer="sgd" if has_bias else None)


# Sequence to sequence.


class SequenceToSequence(torch.nn.Module):
    """torch.nn.Transformer between an embedding and scores."""

    def __init__(self, vocabulary, units, heads, source_steps, blocks, inner, norm_first, padding):
        super().__init__()
        self.embedding = torch.nn.Embedding(vocabulary, units, padding_idx=padding)
        self.inner = torch.nn.Transformer(
            units, heads, blocks, blocks, inner, dropout=0, batch_first=True,
            norm_first=norm_first)
        self.output = torch.nn.Linear(units, vocabulary)
        self.source_steps, self.padding, self.units = source_steps, padding, units

    def placed(self, tokens):
        vectors = self.embedding(tokens) * math.sqrt(self.units)
        return vectors + waves(tokens.shape[1], self.units)

    def hidden(self, tokens):
        if self.padding is None:
            return None
        zeros = torch.zeros(tokens.shape, dtype=torch.float64)
        return zeros.masked_fill(tokens == self.padding, -math.inf)

    def forward(self, tokens):
        tokens = tokens.long()
        source, target = tokens[:, : self.source_steps], tokens[:, self.source_steps:]
        steps = target.shape[1]
        causal = torch.zeros(steps, steps, dtype=torch.float64)
        y = self.inner(
            self.placed(source), self.placed(target),
            tgt_mask=causal.masked_fill(later(steps), -math.inf),
            src_key_padding_mask=self.hidden(source),
            tgt_key_padding_mask=self.hidden(target),
            memory_key_padding_mask=self.hidden(source))
        return self.output(y)


def transformers():
    vocabulary, units, inner, source_steps = 5, 4, 6, 3
    for norm_first, blocks, padding in [
            (False, 1, None), (True, 1, None), (False, 2, 0), (True, 1, 0)]:
        shapes = {"embedding.weight": (vocabulary, units)}
        if padding is not None:
            shapes["embedding.weight"] = padded("transformer", vocabulary, units, padding)
        mapping = {"embedding.weight": lambda p: p["embedding.weight"]}
        for number in range(blocks):
            shapes.update(block_shapes(units, inner, 2, path=f"encoder{number + 1}."))
            mapping.update(block_mapping(
                f"inner.encoder.layers.{number}.", f"encoder{number + 1}.", 2, ENCODER))
            shapes.update(block_shapes(
                units, inner, 3, ("attention", "crossAttention"), path=f"decoder{number + 1}."))
            mapping.update(block_mapping(
                f"inner.decoder.layers.{number}.", f"decoder{number + 1}.", 3, DECODER))
        for name in ["encoder", "decoder"]:
            shapes.update({f"{name}Norm.scale": (units,), f"{name}Norm.shift": (units,)})
            mapping.update(pair(f"inner.{name}.norm", f"{name}Norm", names=("scale", "shift")))
        shapes.update(dense_shapes("output", units, vocabulary))
        mapping.update(pair("output", "output"))
        tokens = whole(3, source_steps + 4, low=1, high=vocabulary, seed=blocks)
        if padding is not None:
            tokens[0, 2] = tokens[1, 1:3] = tokens[0, 5:] = tokens[2, 6] = padding
        yield case(
            f"transformer/norm {'first' if norm_first else 'last'}, {blocks} + {blocks} blocks"
            + ("" if padding is None else ", padding"),
            {"kind": "transformer", "vocabulary": vocabulary, "units": units, "heads": 2,
             "sourceSteps": source_steps, "encoderBlocks": blocks, "decoderBlocks": blocks,
             "feedForward": inner, "normalizesFirst": norm_first, "paddingIndex": padding},
            module(
                SequenceToSequence(
                    vocabulary, units, 2, source_steps, blocks, inner, norm_first, padding),
                mapping),
            tokens, parameters=shapes, optimizer="sgd")
