"""The younger activations, activations with constants of their own, and layers that are activations."""

import torch
import torch.nn.functional as F

from .common import case, numbers


def celu(x, alpha):
    """F.celu, whose constants are float32 in every type."""
    return torch.where(x > 0, x, alpha * torch.expm1(x / alpha))


def hard_sigmoid(x):
    """F.hardsigmoid, whose gradient has a float32 1/6 in every type."""
    return F.relu6(x + 3) / 6


ACTIVATIONS = {
    "relu6": F.relu6, "celu": F.celu, "selu": F.selu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"), "mish": F.mish,
    "hardSigmoid": hard_sigmoid, "hardTanh": F.hardtanh, "hardSwish": F.hardswish,
    "logSigmoid": F.logsigmoid, "tanhShrink": F.tanhshrink, "softShrink": F.softshrink,
    "hardShrink": F.hardshrink, "logSoftmax": lambda x: torch.log_softmax(x, -1),
}

WITH_CONSTANTS = {
    "leakyReLU": (0.3, lambda x: F.leaky_relu(x, 0.3)),
    "elu": (1.7, lambda x: F.elu(x, 1.7)),
    "celu": (0.6, lambda x: celu(x, 0.6)),
    # PyTorch takes x itself where β x is more than its threshold.
    "softplus": (2.5, lambda x: F.softplus(x, 2.5, threshold=1000)),
    "softShrink": (0.2, lambda x: F.softshrink(x, 0.2)),
    "hardShrink": (1.1, lambda x: F.hardshrink(x, 1.1)),
}


def cases():
    for name, function in ACTIVATIONS.items():
        yield case(
            f"activations/{name}", {"kind": "activate", "activation": name},
            lambda x, p, f=function: f(x), numbers(3, 8, low=-8, high=8))
        yield case(
            f"activations/dense, {name}", {"kind": "dense", "units": 4, "activation": name},
            lambda x, p, f=function: f(x @ p["weight"] + p["bias"]), numbers(4, 5),
            parameters={"weight": (5, 4), "bias": (4,)})
    for name, (constant, function) in WITH_CONSTANTS.items():
        yield case(
            f"activations/{name} {constant}",
            {"kind": "activate", "activation": name, "parameter": constant},
            lambda x, p, f=function: f(x), numbers(3, 8, low=-4, high=4))
    for threshold, value in [(0.1, 20.0), (-0.5, 0.0)]:
        yield case(
            f"activations/threshold {threshold}",
            {"kind": "threshold", "threshold": threshold, "value": value},
            lambda x, p, t=threshold, v=value: F.threshold(x, t, v), numbers(3, 5))
    yield from trained()


def trained():
    yield case(
        "activations/prelu", {"kind": "prelu"}, lambda x, p: F.prelu(x, p["slope"]),
        numbers(4, 5), parameters={"slope": (1,)})
    yield case(
        "activations/prelu each channel", {"kind": "prelu", "isPerChannel": True},
        lambda x, p: F.prelu(x.movedim(-1, 1), p["slope"]).movedim(1, -1),
        numbers(2, 3, 2, 4), parameters={"slope": (4,)})
    for pieces, shape in [(2, (4, 5)), (3, (2, 3, 5))]:
        yield case(
            f"activations/maxout of {pieces}", {"kind": "maxout", "units": 3, "pieces": pieces},
            lambda x, p, n=pieces: (x @ p["weight"] + p["bias"]).unflatten(-1, (3, n)).amax(-1),
            numbers(*shape), parameters={"weight": (5, 3 * pieces), "bias": (3 * pieces,)})
    for count in [1, 3]:
        yield case(
            f"activations/k-sparse {count}", {"kind": "kSparse", "count": count},
            lambda x, p, k=count: torch.zeros_like(x).scatter(
                -1, x.topk(k).indices, x.topk(k).values),
            numbers(4, 7))

    def sparse(x, p, l1, rho, weight):
        y = torch.sigmoid(x @ p["dense1.weight"] + p["dense1.bias"])
        mean = y.mean(0)
        divergence = F.kl_div(
            torch.log(torch.stack([mean, 1 - mean])),
            torch.tensor([rho, 1 - rho])[:, None].expand(2, mean.shape[0]), reduction="sum")
        return y, l1 * y.abs().sum() / x.shape[0] + weight * divergence

    yield case(
        "activations/activity penalty",
        {"kind": "sequential", "layers": [
            {"kind": "dense", "units": 4, "activation": "sigmoid"},
            {"kind": "activityPenalty", "l1": 0.1, "sparsity": 0.05, "weight": 0.5}]},
        lambda x, p: sparse(x, p, 0.1, 0.05, 0.5), numbers(6, 5),
        parameters={"dense1.weight": (5, 4), "dense1.bias": (4,)})
    yield case(
        "activations/variational latent, evaluation", {"kind": "variationalLatent", "units": 2},
        lambda x, p: x @ p["mean.weight"] + p["mean.bias"], numbers(3, 4),
        parameters={"mean.weight": (4, 2), "mean.bias": (2,), "logVariance.weight": (4, 2),
                    "logVariance.bias": (2,)}, training=False, optimizer="adam")
