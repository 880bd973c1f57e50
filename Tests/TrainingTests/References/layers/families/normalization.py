"""Batch, layer, group, instance and RMS normalization."""

import torch
import torch.nn.functional as F

from .common import case, channels_first, channels_last, numbers

AXES = [(6, 3), (2, 4, 3), (2, 3, 2, 4)]


def own(p, name):
    return p.get(name)


def batch(momentum=0.1, epsilon=1e-5, training=True):
    """Batch normalization; running statistics are written into p."""

    def run(x, p):
        return channels_last(F.batch_norm(
            channels_first(x), p["mean"], p["variance"], own(p, "scale"), own(p, "shift"), training,
            momentum, epsilon))

    return run


def batches():
    for shape in AXES:
        channels = shape[-1:]
        affine = {"scale": channels, "shift": channels}
        states = {
            "mean": numbers(*channels, seed=1), "variance": numbers(*channels, low=0.5, high=2)}
        for training in [True, False]:
            words = "" if training else ", evaluation"
            yield case(
                f"batchNormalization/{len(shape)} axes{words}", {"kind": "batchNormalization"},
                batch(training=training), numbers(*shape), parameters=affine, states=states,
                training=training)
            yield case(
                f"batchNormalization/{len(shape)} axes, settings{words}",
                {"kind": "batchNormalization", "momentum": 0.3, "epsilon": 0.01},
                batch(0.3, 0.01, training), numbers(*shape, seed=2), parameters=affine,
                states=states, training=training)
            yield case(
                f"batchNormalization/{len(shape)} axes, plain{words}",
                {"kind": "batchNormalization", "hasScale": False, "hasShift": False},
                batch(training=training), numbers(*shape, seed=3), states=states,
                training=training)
    # The parts follow one another, so that states have paths, and two steps of a gradient meet.
    names = {"dense1.weight": (3, 4), "dense1.bias": (4,), "batchNormalization1.scale": (4,),
             "batchNormalization1.shift": (4,), "dense2.weight": (4, 2), "dense2.bias": (2,)}

    def net(x, p):
        y = x @ p["dense1.weight"] + p["dense1.bias"]
        y = F.batch_norm(
            y, p["batchNormalization1.mean"], p["batchNormalization1.variance"],
            p["batchNormalization1.scale"], p["batchNormalization1.shift"], True, 0.1, 1e-5)
        return torch.relu(y) @ p["dense2.weight"] + p["dense2.bias"]

    yield case(
        "batchNormalization/in a network",
        {"kind": "sequential", "layers": [
            {"kind": "dense", "units": 4}, {"kind": "batchNormalization"},
            {"kind": "activate", "activation": "relu"}, {"kind": "dense", "units": 2}]},
        net, numbers(8, 3), parameters=names,
        states={"batchNormalization1.mean": (4,),
                "batchNormalization1.variance": numbers(4, low=0.5, high=2)},
        # The bias before the normalization has a gradient that is nothing but rounding.
        optimizer="sgd")


def layers():
    for shape, axes in [((4, 5), 1), ((2, 3, 4), 1), ((2, 3, 4), 2), ((2, 2, 3, 4), 3), ((3, 33), 1)]:
        last = shape[len(shape) - axes:]
        for fields in [{}, {"epsilon": 0.1}, {"hasShift": False}, {"hasScale": False},
                       {"hasScale": False, "hasShift": False}]:
            parameters = {}
            if fields.get("hasScale", True):
                parameters["scale"] = last
            if fields.get("hasShift", True):
                parameters["shift"] = last
            yield case(
                f"layerNormalization/{shape} {axes} {fields}",
                {"kind": "layerNormalization", "axes": axes, **fields},
                lambda x, p, l=last, e=fields.get("epsilon", 1e-5): F.layer_norm(
                    x, l, own(p, "scale"), own(p, "shift"), e),
                numbers(*shape), parameters=parameters)


def groups():
    for shape, count in [((3, 4), 2), ((2, 3, 4), 2), ((2, 3, 2, 6), 3), ((2, 2, 2, 4), 1),
                         ((2, 3, 3, 4), 4)]:
        for fields in [{}, {"epsilon": 0.1}, {"hasScale": False, "hasShift": False}]:
            affine = {} if "hasScale" in fields else {"scale": shape[-1:], "shift": shape[-1:]}
            yield case(
                f"groupNormalization/{shape} {count} {fields}",
                {"kind": "groupNormalization", "groups": count, **fields},
                lambda x, p, g=count, e=fields.get("epsilon", 1e-5): channels_last(F.group_norm(
                    channels_first(x), g, own(p, "scale"), own(p, "shift"), e)),
                numbers(*shape), parameters=affine)


def instances():
    # Of one example alone, PyTorch 2.13's gradients are wrong where channels are the last axis.
    for shape in [(2, 5, 3), (2, 3, 4, 2), (2, 4, 4, 17)]:
        for fields in [{}, {"epsilon": 0.1}, {"hasScale": True, "hasShift": True}]:
            affine = {"scale": shape[-1:], "shift": shape[-1:]} if "hasScale" in fields else {}
            yield case(
                f"instanceNormalization/{shape} {fields}",
                {"kind": "instanceNormalization", **fields},
                lambda x, p, e=fields.get("epsilon", 1e-5): channels_last(F.instance_norm(
                    channels_first(x), weight=own(p, "scale"), bias=own(p, "shift"), eps=e)),
                numbers(*shape), parameters=affine)


def roots():
    for shape in [(4, 5), (2, 3, 4), (3, 33)]:
        for fields in [{}, {"epsilon": 0.1}, {"hasScale": False}]:
            parameters = {"scale": shape[-1:]} if fields.get("hasScale", True) else {}
            yield case(
                f"rmsNormalization/{shape} {fields}", {"kind": "rmsNormalization", **fields},
                lambda x, p, e=fields.get("epsilon", 1e-5): F.rms_norm(
                    x, x.shape[-1:], own(p, "scale"), e),
                numbers(*shape), parameters=parameters)


def cases():
    yield from batches()
    yield from layers()
    yield from groups()
    yield from instances()
    yield from roots()
