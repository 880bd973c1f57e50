"""Elman's and Jordan's networks step by step, as the papers have them: context and state units are
inputs to a step, and no error goes back through them unless told otherwise."""

import torch

from .common import case, numbers

FEATURES, HIDDEN, OUTPUTS = 2, 3, 2
FUNCTIONS = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "linear": lambda x: x}


def elman(activation, output_activation, through_time, last):
    def run(x, p):
        context = torch.zeros(x.shape[0], HIDDEN)
        given = []
        for t in range(x.shape[1]):
            hidden = FUNCTIONS[activation](
                x[:, t] @ p["hidden.inputWeight"] + context @ p["hidden.recurrentWeight"]
                + p["hidden.bias"])
            given.append(FUNCTIONS[output_activation](
                hidden @ p["output.weight"] + p["output.bias"]))
            context = hidden if through_time else hidden.detach().clone()
        return given[-1] if last else torch.stack(given, dim=1)

    return run


def jordan(activation, output_activation, through_time, last, decay, prefix="units."):
    def run(x, p):
        state = torch.zeros(x.shape[0], OUTPUTS)
        given = []
        for t in range(x.shape[1]):
            hidden = FUNCTIONS[activation](
                x[:, t] @ p[prefix + "inputWeight"] + state @ p[prefix + "recurrentWeight"]
                + p[prefix + "bias"])
            y = FUNCTIONS[output_activation](
                hidden @ p[prefix + "outputWeight"] + p[prefix + "outputBias"])
            given.append(y)
            state = decay * state + y
            if not through_time:
                state = state.detach().clone()
        return given[-1] if last else torch.stack(given, dim=1)

    return run


def jordan_parameters(prefix="units."):
    return {
        prefix + "inputWeight": (FEATURES, HIDDEN), prefix + "recurrentWeight": (OUTPUTS, HIDDEN),
        prefix + "outputWeight": (HIDDEN, OUTPUTS), prefix + "bias": (HIDDEN,),
        prefix + "outputBias": (OUTPUTS,)}


def cases():
    elman_parameters = {
        "hidden.inputWeight": (FEATURES, HIDDEN), "hidden.recurrentWeight": (HIDDEN, HIDDEN),
        "hidden.bias": (HIDDEN,), "output.weight": (HIDDEN, OUTPUTS), "output.bias": (OUTPUTS,)}
    for pair, last in [(("sigmoid", "sigmoid"), False), (("tanh", "linear"), True)]:
        for through_time in [False, True]:
            words = ", ".join(
                [*pair, "through time" if through_time else "copied"] + ["last"] * last)
            settings = {
                "hidden": HIDDEN, "outputs": OUTPUTS, "activation": pair[0],
                "outputActivation": pair[1], "learnsThroughTime": through_time,
                "output": "last" if last else "sequence"}
            yield case(
                f"context/elman {words}", {"kind": "elmanNetwork", **settings},
                elman(*pair, through_time, last), numbers(2, 4, FEATURES), elman_parameters)
            for decay in [0.0, 0.5]:
                yield case(
                    f"context/jordan {words}, decay {decay}",
                    {"kind": "jordanNetwork", "decay": decay, **settings},
                    jordan(*pair, through_time, last, decay), numbers(2, 4, FEATURES),
                    jordan_parameters())
    yield case(
        "context/jordan layer, decay 0.7",
        {"kind": "jordan", "units": HIDDEN, "outputs": OUTPUTS, "decay": 0.7},
        jordan("tanh", "sigmoid", True, False, 0.7, ""), numbers(3, 4, FEATURES),
        jordan_parameters(""))
