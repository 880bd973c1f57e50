"""Convolutions and transposed convolutions of one axis and two."""

import torch
import torch.nn.functional as F

from .common import case, channels_first, channels_last, numbers

# Our name, and PyTorch's function.
ACTIVATIONS = {
    "linear": lambda x: x, "relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
    "gelu": F.gelu,
}


def words(**settings):
    """What a case is about: the settings that are not as usual."""
    return ", ".join(f"{name} {value}" for name, value in settings.items()) or "plain"


def spread(value, kernel):
    """One number for each axis."""
    values = value if isinstance(value, list) else [value]
    return values if len(values) == len(kernel) else values * len(kernel)


def kernel_first(weight):
    """Ours, [kernel…, channels / groups, outputs] → PyTorch's, [outputs, channels / groups,
    kernel…]; the transposed convolution's are in the same order."""
    return weight.movedim(-1, 0).movedim(-1, 1).contiguous()


def padded(x, kernel, padding, strides, dilation):
    """PyTorch's input with our padding around it, and what is left to pad."""
    if padding != "same":
        return x, 0 if padding == "valid" else spread(padding, kernel)
    widths = []
    for size, k, s, d in zip(x.shape[2:], kernel, strides, dilation):
        reach = (k - 1) * d + 1
        total = max((-(-size // s) - 1) * s + reach - size, 0)
        widths = [total // 2, total - total // 2] + widths
    return F.pad(x, widths), 0


def convolution(input, channels, kernel, activation="linear", bias=True, **settings):
    """A case: `input` without its batch of 2, and the layer's fields beside the kernel."""
    strides = spread(settings.get("strides", 1), kernel)
    dilation = spread(settings.get("dilation", 1), kernel)
    groups = settings.get("groups", 1)
    count, outputs = (
        (input[-1], channels * input[-1]) if groups == "each" else (groups, channels))
    function = {1: F.conv1d, 2: F.conv2d}[len(kernel)]

    def run(x, p):
        x, rest = padded(
            channels_first(x), kernel, settings.get("padding", "valid"), strides, dilation)
        y = function(
            x, kernel_first(p["weight"]), p.get("bias"), stride=strides, padding=rest,
            dilation=dilation, groups=count)
        return ACTIVATIONS[activation](channels_last(y))

    layer = {
        "kind": "convolution", "channels": channels, "kernel": kernel, "activation": activation,
        "hasBias": bias, **settings}
    parameters = {"weight": (*kernel, input[-1] // count, outputs)}
    if bias:
        parameters["bias"] = (outputs,)
    rest = {**({} if activation == "linear" else {"activation": activation}),
            **({} if bias else {"bias": bias}), **settings}
    return case(
        f"convolution/{input} by {kernel} to {channels}: {words(**rest)}", layer, run,
        numbers(2, *input), parameters=parameters)


def transposed(input, channels, kernel, activation="linear", bias=True, **settings):
    """A case of the transposed convolution."""
    strides = spread(settings.get("strides", 1), kernel)
    dilation = spread(settings.get("dilation", 1), kernel)
    more = spread(settings.get("outputPadding", 0), kernel)
    padding, groups = settings.get("padding", "valid"), settings.get("groups", 1)
    function = {1: F.conv_transpose1d, 2: F.conv_transpose2d}[len(kernel)]

    def run(x, p):
        y = function(
            channels_first(x), kernel_first(p["weight"]), p.get("bias"), stride=strides,
            padding=0 if padding in ("same", "valid") else spread(padding, kernel),
            output_padding=more, dilation=dilation, groups=groups)
        if padding == "same":
            # The part that the input's places are spread over: n s from half the overhang on.
            for axis, (size, k, s, d) in enumerate(zip(input, kernel, strides, dilation)):
                over = max((k - 1) * d + 1 - s, 0)
                missing = size * s - (y.shape[axis + 2] - over)
                y = y.narrow(axis + 2, over // 2, min(size * s, y.shape[axis + 2] - over // 2))
                if missing > 0:
                    raise ValueError("a stride longer than the kernel")
        return ACTIVATIONS[activation](channels_last(y))

    layer = {
        "kind": "transposedConvolution", "channels": channels, "kernel": kernel,
        "activation": activation, "hasBias": bias, **settings}
    parameters = {"weight": (*kernel, channels // groups, input[-1])}
    if bias:
        parameters["bias"] = (channels,)
    rest = {**({} if activation == "linear" else {"activation": activation}),
            **({} if bias else {"bias": bias}), **settings}
    return case(
        f"transposedConvolution/{input} by {kernel} to {channels}: {words(**rest)}", layer, run,
        numbers(2, *input), parameters=parameters)


def cases():
    image, signal = (5, 4, 2), (7, 2)
    # Kernels.
    for kernel in [[1, 1], [2, 2], [3, 3], [1, 3], [3, 1], [2, 3], [5, 4]]:
        yield convolution(image, 3, kernel)
    for kernel in [[1], [2], [3], [7]]:
        yield convolution(signal, 3, kernel)
    # Strides, padding and dilation, by themselves and together.
    for strides in [2, 3, [1, 2], [3, 2]]:
        yield convolution(image, 2, [2, 2], strides=strides)
    for padding in [1, 2, [0, 1], [3, 0], "same", "valid"]:
        yield convolution(image, 2, [3, 2], padding=padding)
    for dilation in [2, [1, 3], [2, 1]]:
        yield convolution(image, 2, [2, 2], dilation=dilation)
    yield convolution(image, 2, [3, 3], strides=2, padding=1)
    yield convolution(image, 2, [3, 3], strides=[2, 1], padding="same")
    yield convolution(image, 2, [4, 2], strides=3, padding="same")
    yield convolution(image, 2, [3, 2], padding="same", dilation=2)
    yield convolution(image, 2, [3, 3], strides=2, padding=2, dilation=[2, 1])
    yield convolution((6, 6, 1), 2, [2, 2], strides=3)
    yield convolution(signal, 2, [3], strides=2, padding=1)
    yield convolution(signal, 2, [3], padding="same")
    yield convolution(signal, 2, [4], strides=2, padding="same")
    yield convolution(signal, 2, [2], strides=[3], padding=4, dilation=[3])
    yield convolution((9, 1), 2, [3], dilation=4)
    # Groups, and a group for each channel.
    yield convolution((4, 4, 4), 6, [3, 3], padding=1, groups=2)
    yield convolution((4, 3, 3), 6, [2, 2], strides=2, groups=3)
    yield convolution((4, 3, 3), 1, [3, 3], padding="same", groups="each")
    yield convolution((4, 3, 2), 3, [2, 2], groups="each")
    yield convolution((5, 4, 3), 1, [3, 2], strides=2, padding=1, dilation=[1, 2], groups="each")
    yield convolution((6, 4), 1, [3], padding=2, groups="each")
    yield convolution((6, 4), 8, [3], strides=2, groups=4)
    yield convolution((4, 4, 17), 1, [3, 3], padding=1, groups="each", bias=False)
    # Widths around those of vectors.
    yield convolution((3, 3, 1), 17, [2, 2])
    yield convolution((3, 3, 9), 1, [3, 2], padding=1)
    # Activations, and no bias.
    for activation in ["relu", "tanh", "sigmoid", "gelu"]:
        yield convolution(image, 2, [2, 2], activation)
    yield convolution(image, 2, [3, 3], "relu", bias=False, padding="same")
    yield convolution(signal, 2, [2], "tanh", bias=False)

    small, short = (3, 2, 2), (4, 2)
    for kernel in [[1, 1], [2, 2], [3, 3], [1, 3], [3, 2]]:
        yield transposed(small, 3, kernel)
    for kernel in [[1], [3]]:
        yield transposed(short, 3, kernel)
    for strides in [2, 3, [1, 2]]:
        yield transposed(small, 2, [2, 2], strides=strides)
    for padding in [1, [1, 0], "same", "valid"]:
        yield transposed(small, 2, [3, 3], padding=padding)
    yield transposed(small, 2, [2, 2], dilation=[2, 1])
    yield transposed(small, 2, [4, 4], strides=2, padding=1)
    yield transposed(small, 2, [3, 3], strides=2, padding=1, outputPadding=1)
    yield transposed(small, 2, [3, 4], strides=[2, 3], outputPadding=[0, 2])
    yield transposed(small, 2, [4, 3], strides=2, padding="same")
    yield transposed(small, 2, [3, 3], strides=3, padding="same")
    yield transposed(small, 2, [3, 3], strides=2, padding=2, outputPadding=1, dilation=2)
    yield transposed((3, 2, 4), 6, [3, 3], strides=2, padding=1, groups=2)
    yield transposed((3, 2, 3), 3, [2, 2], strides=2, groups=3)
    yield transposed(short, 2, [4], strides=2, padding=1)
    yield transposed(short, 2, [3], strides=2, padding="same", dilation=2)
    yield transposed(small, 2, [2, 2], "relu", strides=2)
    yield transposed(small, 1, [3, 3], "sigmoid", padding=1)
    yield transposed(small, 2, [2, 3], "tanh", bias=False, strides=2)

    yield auto_encoder()


def auto_encoder():
    """Layers one behind the other, with a loss."""
    def conv(x, p, name, function, **settings):
        weight = kernel_first(p[name + ".weight"])
        return channels_last(
            function(channels_first(x), weight, p[name + ".bias"], **settings))

    def run(x, p):
        x = torch.tanh(conv(x, p, "convolution1", F.conv2d, stride=2, padding=1))
        x = torch.tanh(conv(x, p, "convolution2", F.conv2d))
        return torch.sigmoid(
            conv(x, p, "transposedConvolution1", F.conv_transpose2d, stride=2, padding=1))

    return case(
        "convolution/an auto-encoder",
        {"kind": "sequential", "layers": [
            {"kind": "convolution", "channels": 3, "kernel": 3, "strides": 2, "padding": 1,
             "activation": "tanh"},
            {"kind": "convolution", "channels": 2, "kernel": 1, "activation": "tanh"},
            {"kind": "transposedConvolution", "channels": 1, "kernel": 4, "strides": 2,
             "padding": 1, "activation": "sigmoid"},
        ]},
        run, numbers(2, 6, 6, 1),
        parameters={
            "convolution1.weight": (3, 3, 1, 3), "convolution1.bias": (3,),
            "convolution2.weight": (1, 1, 3, 2), "convolution2.bias": (2,),
            "transposedConvolution1.weight": (4, 4, 1, 2), "transposedConvolution1.bias": (1,)},
        loss={"kind": "meanSquaredError"}, loss_function=F.mse_loss,
        target=numbers(2, 6, 6, 1, low=0, seed=1), optimizer="adam")
