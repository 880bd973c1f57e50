"""Poolings, up-sampling, reshaping, and dense blocks."""

import torch
import torch.nn.functional as F

from .common import case, channels_first, channels_last, numbers


def last(function):
    """A function of channels-first values for channels-last ones."""
    return lambda x, p: channels_last(function(channels_first(x)))


MAX = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVERAGE = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}

# The input, and the settings: window, strides, padding, dilations, rounded up.
SLIDING = [
    ((2, 6, 3), [2], None, 0, 1, False),
    ((2, 7, 2), [3], [2], 1, 1, False),
    ((1, 7, 2), [2], [3], 0, 1, True),
    ((2, 8, 1), [3], [1], 1, 2, False),
    ((2, 4, 4, 3), [2], None, 0, 1, False),
    ((2, 5, 7, 2), [2], None, 0, 1, False),
    ((2, 5, 7, 2), [2], None, 0, 1, True),
    ((1, 5, 6, 3), [3, 2], [2, 1], [1, 0], 1, False),
    ((1, 6, 6, 2), [3], [2], 1, 1, True),
    ((2, 7, 6, 1), [2, 3], [1, 2], 1, [2, 1], False),
    ((1, 4, 4, 17), [2], None, 0, 1, False),
    ((1, 5, 5, 2), [3], [1], 1, 1, False),
    ((1, 4, 4, 5, 2), [2], None, 0, 1, False),
    ((1, 3, 4, 4, 2), [2, 3, 2], [1, 2, 2], [0, 1, 1], 1, False),
]


def spread(value, axes):
    value = value if isinstance(value, list) else [value]
    return tuple(value * axes if len(value) == 1 else value)


def sliding():
    for number, (shape, window, strides, padding, dilations, up) in enumerate(SLIDING):
        axes = len(shape) - 2
        size = spread(window, axes)
        step = size if strides is None else spread(strides, axes)
        rim = spread(padding, axes)
        fields = {"window": window, "padding": padding, "roundsUp": up}
        if strides is not None:
            fields["strides"] = strides
        yield case(
            f"maxPooling/{number}", {"kind": "maxPooling", "dilations": dilations, **fields},
            last(lambda x, k=size, s=step, r=rim, d=spread(dilations, axes), u=up, a=axes:
                 MAX[a](x, k, s, r, d, ceil_mode=u)),
            numbers(*shape))
        if spread(dilations, axes) != (1,) * axes:
            continue
        for counts in [True, False]:
            yield case(
                f"averagePooling/{number}{'' if counts else ', not counting padding'}",
                {"kind": "averagePooling", "countsPadding": counts, **fields},
                last(lambda x, k=size, s=step, r=rim, u=up, c=counts, a=axes:
                     AVERAGE[a](x, k, s, r, ceil_mode=u, count_include_pad=c)),
                numbers(*shape))


ADAPTIVE = [((2, 7, 2), [3]), ((2, 3, 2), [5]), ((2, 5, 7, 2), [3, 2]), ((1, 4, 3, 2), [2]),
            ((2, 3, 4, 2), [1]), ((1, 2, 3, 1), [4, 5])]


def adaptive():
    means = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d}
    largest = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d}
    for number, (shape, sizes) in enumerate(ADAPTIVE):
        axes = len(shape) - 2
        for kind, functions in [("adaptiveAveragePooling", means), ("adaptiveMaxPooling", largest)]:
            yield case(
                f"{kind}/{number}", {"kind": kind, "sizes": sizes},
                last(lambda x, f=functions[axes], s=spread(sizes, axes): f(x, s)), numbers(*shape))
    for shape in [(2, 5, 3), (2, 3, 4, 2)]:
        between = tuple(range(1, len(shape) - 1))
        yield case(
            f"globalAveragePooling/{len(shape)} axes", {"kind": "globalAveragePooling"},
            lambda x, p, a=between: x.mean(a), numbers(*shape))
        yield case(
            f"globalMaxPooling/{len(shape)} axes", {"kind": "globalMaxPooling"},
            lambda x, p, a=between: x.amax(a), numbers(*shape))


def resizing():
    linear = {1: "linear", 2: "bilinear", 3: "trilinear"}
    for shape, target in [
        ((2, 3, 2), {"factors": 2}), ((1, 5, 2), {"sizes": [3]}), ((2, 2, 3, 2), {"factors": [2]}),
        ((1, 2, 3, 2), {"factors": [3, 2]}), ((2, 4, 5, 1), {"sizes": [7, 3]}),
        ((1, 3, 1, 2), {"sizes": [1, 4]}), ((1, 2, 2, 3, 1), {"factors": [2]}),
    ]:
        axes = len(shape) - 2
        for mode in ["nearest", "linear", "linearWithAlignedCorners"]:
            settings = {"mode": "nearest" if mode == "nearest" else linear[axes]}
            if mode != "nearest":
                settings["align_corners"] = mode != "linear"
            if "sizes" in target:
                settings["size"] = spread(target["sizes"], axes)
            else:
                settings["scale_factor"] = tuple(
                    float(f) for f in spread(target["factors"], axes))
            yield case(
                f"upSampling/{shape} {target} {mode}",
                {"kind": "upSampling", "mode": mode, **target},
                last(lambda x, s=settings: F.interpolate(x, **s)), numbers(*shape))


def moving():
    yield case("reshape", {"kind": "reshape", "shape": [3, 4, 1]},
               lambda x, p: x.reshape(2, 3, 4, 1), numbers(2, 12))
    yield case("reshape/what is left", {"kind": "reshape", "shape": [-1, 2]},
               lambda x, p: x.reshape(2, 6, 2), numbers(2, 3, 4))
    yield case("permute/matrix", {"kind": "permute", "order": [1, 0]},
               lambda x, p: x.permute(0, 2, 1), numbers(2, 3, 4))
    yield case("permute/channels last", {"kind": "permute", "order": [1, 2, 0]},
               lambda x, p: x.permute(0, 2, 3, 1), numbers(2, 3, 4, 2))
    for training in [True, False]:
        words = "rate 0" if training else "evaluation"
        rate = 0 if training else 0.4
        yield case(f"spatialDropout/{words}", {"kind": "spatialDropout", "rate": rate},
                   lambda x, p: x, numbers(2, 3, 4), training=training)
        yield case(f"gaussianNoise/{words}", {"kind": "gaussianNoise", "deviation": rate},
                   lambda x, p: x, numbers(2, 3, 4), training=training)

    def block(x, p):
        joined = x
        for name in ["dense1", "dense2"]:
            y = torch.tanh(joined @ p[name + ".weight"] + p[name + ".bias"])
            joined = torch.cat([joined, y], -1)
        return joined

    layers = [{"kind": "dense", "units": units, "activation": "tanh"} for units in [2, 3]]
    for shape in [(4, 3), (2, 2, 3)]:
        yield case(
            f"denseBlock/{len(shape)} axes", {"kind": "denseBlock", "layers": layers}, block,
            numbers(*shape),
            parameters={"dense1.weight": (3, 2), "dense1.bias": (2,), "dense2.weight": (5, 3),
                        "dense2.bias": (3,)})


def cases():
    yield from sliding()
    yield from adaptive()
    yield from resizing()
    yield from moving()
