"""The simple recurrent layer, beside torch.nn.RNN."""

import torch

from .common import case, module, numbers


def rnn(features, units, activation, has_bias):
    layer = torch.nn.RNN(
        features, units, nonlinearity=activation, bias=has_bias, batch_first=True)
    mapping = {
        "weight_ih_l0": lambda p: p["inputWeight"].T,
        "weight_hh_l0": lambda p: p["recurrentWeight"].T,
    }
    if has_bias:
        # PyTorch adds two biases; the layer has one.
        mapping["bias_ih_l0"] = lambda p: p["bias"]
        mapping["bias_hh_l0"] = lambda p: torch.zeros(units)
    return module(layer, mapping, after=lambda y: y[0])


def cases():
    for activation in ["tanh", "relu"]:
        for has_bias in [True, False]:
            for steps in [1, 4]:
                names = {"inputWeight": (2, 3), "recurrentWeight": (3, 3)}
                words = "" if has_bias else ", no bias"
                yield case(
                    f"elman/{activation}{words}, steps {steps}",
                    {"kind": "elman", "units": 3, "activation": activation, "hasBias": has_bias},
                    rnn(2, 3, activation, has_bias), numbers(2, steps, 2),
                    parameters={**names, "bias": (3,)} if has_bias else names)
