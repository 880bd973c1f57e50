"""JAX's training step: the whole step under jit, with donated parameters and state."""

import jax
import jax.numpy as jnp

import jax_architectures
from architectures import Architecture
from cases import BETA1, BETA2, EPSILON

VERSION = f"JAX {jax.__version__}"
_last = None


def finish():
    """Waits for the steps under way."""
    if _last is not None:
        jax.block_until_ready(_last)


def loss_function(case):
    count = len(case.layers) - 1
    hidden = jax.nn.sigmoid if case.hidden == "sigmoid" else jax.nn.relu

    def loss(parameters, x, t):
        for layer in range(count):
            x = x @ parameters[2 * layer] + parameters[2 * layer + 1]
            if layer < count - 1 or case.hidden == "sigmoid":
                x = hidden(x)
        if case.loss == "crossEntropy":
            log = jax.nn.log_softmax(x)
            return -jnp.mean(jnp.take_along_axis(log, t[:, None], axis=1))
        return 0.5 / case.batch * jnp.sum((t - x) ** 2)

    return loss


def program(case, loss):
    """(carried values, x, t) → (carried values, loss)"""
    gradient = jax.value_and_grad(loss)
    rate = case.rate

    def sgd(carried, x, t):
        value, gradients = gradient(carried, x, t)
        return [p - rate * g for p, g in zip(carried, gradients)], value

    def adam(carried, x, t):
        parameters, first, second, count = carried
        value, gradients = gradient(parameters, x, t)
        count = count + 1
        first = [BETA1 * m + (1 - BETA1) * g for m, g in zip(first, gradients)]
        second = [BETA2 * v + (1 - BETA2) * g * g for v, g in zip(second, gradients)]
        scale1, scale2 = 1 / (1 - BETA1**count), 1 / (1 - BETA2**count)
        parameters = [
            p - rate * (m * scale1) / (jnp.sqrt(v * scale2) + EPSILON)
            for p, m, v in zip(parameters, first, second)
        ]
        return (parameters, first, second, count), value

    return sgd if case.optimizer == "sgd" else adam


def start(case):
    parameters = [jnp.array(a) for a in case.parameter_arrays()]
    if case.optimizer == "sgd":
        return parameters
    zeros = [[jnp.zeros_like(p) for p in parameters] for _ in range(2)]
    return parameters, zeros[0], zeros[1], jnp.zeros((), jnp.float32)


def make_step(case, loss, is_compiled_ahead):
    x, t = (jnp.array(a) for a in case.batch_arrays())
    carried = start(case)
    run = jax.jit(program(case, loss), donate_argnums=0)
    if is_compiled_ahead:
        # So that a call does not look the program up by its arguments' types.
        run = run.lower(carried, x, t).compile()

    def step():
        nonlocal carried
        global _last
        carried, value = run(carried, x, t)
        _last = carried
        return value

    return step


def ways(case):
    if isinstance(case, Architecture):
        forms = {f", {name}": loss for name, loss in jax_architectures.losses(case).items()}
    else:
        forms = {"": loss_function(case)}
    return {
        words + form: lambda loss=loss, ahead=ahead: make_step(case, loss, ahead)
        for words, ahead in (("jit", False), ("compiled ahead", True))
        for form, loss in forms.items()}
