"""Dense layers, activations, flattening, and layers made of others."""

import torch
import torch.nn.functional as F

from .common import case, module, numbers

ACTIVATIONS = {
    "linear": lambda x: x, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu,
    "leakyReLU": F.leaky_relu, "elu": F.elu, "gelu": F.gelu, "silu": F.silu,
    "softplus": F.softplus, "softsign": F.softsign, "softmax": lambda x: torch.softmax(x, -1),
}


def dense(units, activation="linear", **fields):
    return {"kind": "dense", "units": units, "activation": activation, **fields}


def net(x, p, name=""):
    return x @ p[name + "weight"] + p[name + "bias"]


def cases():
    for name, function in ACTIVATIONS.items():
        yield case(
            f"dense/{name}", dense(3, name), lambda x, p, f=function: f(net(x, p)),
            numbers(4, 5), parameters={"weight": (5, 3), "bias": (3,)})
        yield case(
            f"activate/{name}", {"kind": "activate", "activation": name},
            lambda x, p, f=function: f(x), numbers(3, 4, low=-3, high=3))
    yield case(
        "dense/no bias", dense(3, hasBias=False), lambda x, p: x @ p["weight"],
        numbers(4, 5), parameters={"weight": (5, 3)})
    yield case(
        "dense/one bias", dense(3, "tanh", sharesBias=True), lambda x, p: torch.tanh(net(x, p)),
        numbers(4, 5), parameters={"weight": (5, 3), "bias": (1,)})
    for shape in [(2, 3, 4), (2, 3, 2, 4)]:
        yield case(
            f"dense/{len(shape)} axes", dense(3),
            module(torch.nn.Linear(4, 3),
                   {"weight": lambda p: p["weight"].T, "bias": lambda p: p["bias"]}),
            numbers(*shape), parameters={"weight": (4, 3), "bias": (3,)})
    yield case(
        "dense/evaluation", dense(3, "sigmoid"), lambda x, p: torch.sigmoid(net(x, p)),
        numbers(4, 5), parameters={"weight": (5, 3), "bias": (3,)}, training=False)
    yield case("flatten", {"kind": "flatten"}, lambda x, p: x.flatten(1), numbers(2, 3, 4))
    yield case(
        "dropout/evaluation", {"kind": "dropout", "rate": 0.4}, lambda x, p: x, numbers(2, 3),
        training=False)
    yield case("dropout/rate 0", {"kind": "dropout", "rate": 0}, lambda x, p: x, numbers(2, 3))
    yield from composed()


def composed():
    names = {"dense1.weight": (4, 6), "dense1.bias": (6,), "dense2.weight": (6, 4),
             "dense2.bias": (4,)}

    def two(x, p):
        return net(F.gelu(net(x, p, "dense1.")), p, "dense2.")

    layers = [dense(6, "gelu"), dense(4)]
    yield case(
        "residual", {"kind": "residual", "layers": layers}, lambda x, p: x + two(x, p),
        numbers(3, 4), parameters=names)
    yield case(
        "sequential", {"kind": "sequential", "layers": layers}, two, numbers(3, 4),
        parameters=names)
    yield case(
        "sequential/named parts",
        {"kind": "sequential", "layers": [
            {"kind": "flatten"}, dense(5, "relu", name="hidden"),
            {"kind": "sequential", "name": "head", "layers": [
                dense(3), {"kind": "activate", "activation": "softmax"}]},
        ]},
        lambda x, p: torch.softmax(
            net(torch.relu(net(x.flatten(1), p, "hidden.")), p, "head.dense1."), -1),
        numbers(4, 2, 3),
        parameters={"hidden.weight": (6, 5), "hidden.bias": (5,), "head.dense1.weight": (5, 3),
                    "head.dense1.bias": (3,)})
    for optimizer in ["sgd", "momentum", "adam", "rmsprop", "adamw"]:
        yield case(
            f"sequential/mean squared error, {optimizer}",
            {"kind": "sequential", "layers": layers}, two, numbers(5, 4),
            parameters=names, loss={"kind": "meanSquaredError"}, loss_function=F.mse_loss,
            target=numbers(5, 4, seed=1), optimizer=optimizer)
