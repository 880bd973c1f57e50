"""PyTorch's training steps, each case in several ways of which the fastest is kept."""

import torch
import torch.nn.functional as F

from cases import BETA1, BETA2, EPSILON

torch.set_flush_denormal(True)
VERSION = f"PyTorch {torch.__version__}"
THREADS = sorted({1, torch.get_num_threads()})


def finish():
    """Waits for work under way: on a CPU there is none."""


class Numbers:
    """The batch and fresh parameters as tensors. Weights are [outputs, inputs], PyTorch's own
    layout."""

    def __init__(self, case):
        x, t = case.batch_arrays()
        self.x, self.t = torch.from_numpy(x), torch.from_numpy(t)
        self.parameters = [
            torch.from_numpy(a).T.contiguous() if a.ndim == 2 else torch.from_numpy(a)
            for a in case.parameter_arrays()
        ]


def loss_function(case):
    count = len(case.layers) - 1
    hidden = torch.sigmoid if case.hidden == "sigmoid" else torch.relu

    def loss(parameters, x, t):
        for layer in range(count):
            x = F.linear(x, parameters[2 * layer], parameters[2 * layer + 1])
            if layer < count - 1 or case.hidden == "sigmoid":
                x = hidden(x)
        if case.loss == "crossEntropy":
            return F.cross_entropy(x, t)
        return 0.5 / case.batch * (t - x).square().sum()

    return loss


def optimizer_step(case, loss, numbers=Numbers, **options):
    """A step with torch.optim; `options` are foreach or fused."""
    numbers = numbers(case)
    parameters = [p.requires_grad_() for p in numbers.parameters]
    kind = torch.optim.SGD if case.optimizer == "sgd" else torch.optim.Adam
    optimizer = kind(parameters, lr=case.rate, **options)
    x, t = numbers.x, numbers.t

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = loss(parameters, x, t)
        value.backward()
        optimizer.step()
        return value

    return step


def bare_sgd_step(case, loss):
    """SGD without the optimizer object."""
    numbers = Numbers(case)
    parameters = [p.requires_grad_() for p in numbers.parameters]
    plain = [p.detach() for p in parameters]
    x, t, rate = numbers.x, numbers.t, case.rate

    def step():
        value = loss(parameters, x, t)
        gradients = torch.autograd.grad(value, parameters)
        torch._foreach_add_(plain, gradients, alpha=-rate)
        return value

    return step


def whole_step(case, loss, compiled, numbers=Numbers):
    """Forward, backward and update in one compiled function."""
    numbers = numbers(case)
    parameters = numbers.parameters
    gradient = torch.func.grad_and_value(loss)
    rate = case.rate
    if case.optimizer == "sgd":

        def program(parameters, x, t):
            gradients, value = gradient(parameters, x, t)
            for p, g in zip(parameters, gradients):
                p.sub_(rate * g)
            return value

        state = ()
    else:
        first = [torch.zeros_like(p) for p in parameters]
        second = [torch.zeros_like(p) for p in parameters]
        # Powers of the betas, as tensors: a Python number would be compiled in.
        powers = torch.ones(2)
        betas = torch.tensor([BETA1, BETA2])

        def program(parameters, first, second, powers, betas, x, t):
            gradients, value = gradient(parameters, x, t)
            powers.mul_(betas)
            correction = 1 - powers
            for p, m, v, g in zip(parameters, first, second, gradients):
                m.mul_(BETA1).add_(g, alpha=1 - BETA1)
                v.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
                p.sub_(rate * (m / correction[0]) / ((v / correction[1]).sqrt() + EPSILON))
            return value

        state = (first, second, powers, betas)
    run = compiled(program)
    x, t = numbers.x, numbers.t

    def step():
        with torch.no_grad():
            return run(parameters, *state, x, t)

    return step


def with_threads(count, make):
    def candidate():
        torch.set_num_threads(count)
        return make()

    return candidate


def eager(case):
    """Ways to make the step, by name; each is a function that returns the step."""
    ways = {}
    loss = loss_function(case)
    for threads in THREADS:
        for name, options in {
            "foreach": {"foreach": True}, "fused": {"fused": True}, "loop": {"foreach": False},
        }.items():
            ways[f"{name}, {threads} thread(s)"] = with_threads(
                threads, lambda options=options: optimizer_step(case, loss, **options))
        if case.optimizer == "sgd":
            ways[f"bare, {threads} thread(s)"] = with_threads(
                threads, lambda: bare_sgd_step(case, loss))
    return ways


def compiled(case):
    def compile(function):
        torch._dynamo.reset()
        return torch.compile(function, dynamic=False, fullgraph=True)

    ways = {}
    loss = loss_function(case)
    for threads in THREADS:
        ways[f"whole step, {threads} thread(s)"] = with_threads(
            threads, lambda: whole_step(case, loss, compile))
        ways[f"loss compiled, fused, {threads} thread(s)"] = with_threads(
            threads, lambda: optimizer_step(case, compile(loss), fused=True))
        if case.optimizer == "sgd":
            ways[f"loss compiled, bare, {threads} thread(s)"] = with_threads(
                threads, lambda: bare_sgd_step(case, compile(loss)))
    return ways
