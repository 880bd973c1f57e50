"""PyTorch's steps of the architectures, written with its functional calls, each case in several
ways of which the fastest is kept."""

import functools

import torch
import torch.nn.functional as F

from torch_steps import THREADS, optimizer_step, whole_step, with_threads


class Numbers:
    """The batch and fresh parameters as tensors, in PyTorch's own layout: dense weights [outputs,
    inputs], images [batch, channels, height, width] with their channels last in memory or not."""

    def __init__(self, case, channels_last=False):
        x, t = case.batch_arrays()
        self.t = torch.from_numpy(t)
        names = case.parameter_shapes()
        self.parameters = [
            self.fitted(name, torch.from_numpy(array))
            for name, array in zip(names, case.parameter_arrays())]
        self.x = torch.from_numpy(x)
        if case.name == "cnn":
            self.x = self.x.permute(0, 3, 1, 2).contiguous()
        if channels_last:
            self.x, *self.parameters = (
                value.contiguous(memory_format=torch.channels_last) if value.ndim == 4 else value
                for value in [self.x, *self.parameters])

    @staticmethod
    def fitted(name, value):
        if value.ndim == 4:
            return value.permute(3, 2, 0, 1).contiguous()
        if value.ndim == 2 and name not in ("embedding", "positions"):
            return value.T.contiguous()
        return value


def convolutional(case, parameters, x, t):
    k1, b1, k2, b2, w3, b3, w4, b4 = parameters
    x = F.max_pool2d(F.relu(F.conv2d(x, k1, b1, padding=1)), 2)
    x = F.max_pool2d(F.relu(F.conv2d(x, k2, b2, padding=1)), 2)
    x = F.relu(F.linear(x.flatten(1), w3, b3))
    return F.cross_entropy(F.linear(x, w4, b4), t)


def recurrent_module(case, parameters, x, t, lstm=torch.lstm):
    """By the call that torch.nn.LSTM makes. Its second bias stays zero and is not trained."""
    into, back, bias, w, b = parameters
    start = x.new_zeros(1, x.shape[0], case.units)
    outputs, _, _ = lstm(
        x, (start, start), (into, back, bias, torch.zeros_like(bias)), True, 1, 0.0, True, False,
        True)
    return F.cross_entropy(F.linear(outputs[:, -1], w, b), t)


def recurrent_loop(case, parameters, x, t):
    """Written out: the inputs' part as one product, then a product for each step."""
    into, back, bias, w, b = parameters
    nets = F.linear(x, into, bias).unbind(1)
    h = c = x.new_zeros(x.shape[0], case.units)
    for net in nets:
        i, f, g, o = (net + F.linear(h, back)).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
    return F.cross_entropy(F.linear(h, w, b), t)


def transformer(case, parameters, x, t):
    p = iter(parameters)
    width = (case.width,)
    batch, tokens = x.shape
    x = F.embedding(x, next(p)) + next(p)
    for _ in range(case.blocks):
        y = F.layer_norm(x, width, next(p), next(p))
        parts = F.linear(y, next(p), next(p)).view(batch, tokens, 3, case.heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + F.linear(y.transpose(1, 2).reshape(x.shape), next(p), next(p))
        y = F.layer_norm(x, width, next(p), next(p))
        x = x + F.linear(F.gelu(F.linear(y, next(p), next(p))), next(p), next(p))
    x = F.layer_norm(x, width, next(p), next(p))
    return F.cross_entropy(F.linear(x, next(p), next(p)).flatten(0, 1), t.flatten())


def forms(case):
    """The ways to write a case: names, functions for the loss, and how its numbers lie. The last is
    the one that is usually fastest."""
    plain, last = Numbers, functools.partial(Numbers, channels_last=True)
    written = {
        "cnn": {"channels first": (convolutional, plain), "channels last": (convolutional, last)},
        "lstm": {"written out": (recurrent_loop, plain), "torch.lstm": (recurrent_module, plain)},
        "transformer": {"SDPA": (transformer, plain)},
    }[case.name]
    return {
        name: (functools.partial(function, case), numbers)
        for name, (function, numbers) in written.items()}


def eager(case):
    """Ways to make the step, by name; each is a function that returns the step."""
    ways = {}
    for form, (loss, numbers) in forms(case).items():
        for threads in THREADS:
            for name, options in {"fused": {"fused": True}, "foreach": {"foreach": True}}.items():
                ways[f"{name}, {form}, {threads} thread(s)"] = with_threads(
                    threads, lambda loss=loss, numbers=numbers, options=options: optimizer_step(
                        case, loss, numbers=numbers, **options))
    return ways


def compiled(case):
    def compile(function, **options):
        torch._dynamo.reset()
        return torch.compile(function, dynamic=False, **options)

    ways = {}
    for form, (loss, numbers) in forms(case).items():
        is_whole = form != "torch.lstm"
        if not is_whole:
            # The compiler cannot take this call's gradient: what is around it is compiled.
            loss = functools.partial(loss, lstm=torch.compiler.disable(torch.lstm))
        for threads in THREADS:
            ways[f"loss compiled, fused, {form}, {threads} thread(s)"] = with_threads(
                threads, lambda loss=loss, numbers=numbers: optimizer_step(
                    case, compile(loss), numbers=numbers, fused=True))
        if is_whole:
            ways[f"whole step, {form}, {threads} thread(s)"] = with_threads(
                threads, lambda loss=loss, numbers=numbers: whole_step(
                    case, loss, functools.partial(compile, fullgraph=True), numbers=numbers))
    return ways
