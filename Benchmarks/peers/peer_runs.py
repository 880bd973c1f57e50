#!/usr/bin/env python3
"""Times whole epochs of training on MNIST.

    python peer_runs.py torch|jax|numpy FOLDER

Reads lines "CASE EPOCHS" and answers each with one line of JSON, whose `microseconds` holds a
figure for each epoch. `mnist` (torch, jax): 784-16-10, sigmoid, batch 32, half squared error, SGD,
60,000 rows in memory, in a new random order in every epoch, the losses added up. `nielsen` (numpy):
see nielsen_numpy.py. An epoch is timed from the shuffling to the last update; the first line of a
case also tries its ways for an epoch each, after one that warms up, and keeps the fastest.
"""

import sys
import time

from cases import CASES
from timing import chosen, fastest, serve

SIZE, RATE = 32, 0.1
CASE = CASES["784-16-10"]


def torch_ways(pixels, labels):
    import torch
    import torch_steps
    import torch_usual

    x = torch.from_numpy(pixels)
    t = torch.eye(10)[torch.from_numpy(labels)]
    loss = torch_steps.loss_function(CASE)
    default = torch.get_num_threads()

    def batches(step):
        """An epoch: the mean of the steps' losses."""
        total = torch.zeros(())
        order = torch.randperm(len(x))
        for rows in order.split(SIZE):
            total += step(x.index_select(0, rows), t.index_select(0, rows)).detach()
        return total.item() / (len(x) // SIZE)

    def usual():
        model, criterion = torch_usual.model_of(CASE), torch_usual.loss_of(CASE)
        optimizer = torch_usual.optimizer_of(CASE, model)

        def step(x, t):
            optimizer.zero_grad()
            value = criterion(model(x), t)
            value.backward()
            optimizer.step()
            return value

        return lambda: batches(step)

    def bare():
        parameters = [p.requires_grad_() for p in torch_steps.Numbers(CASE).parameters]
        plain = [p.detach() for p in parameters]

        def step(x, t):
            value = loss(parameters, x, t)
            gradients = torch.autograd.grad(value, parameters)
            torch._foreach_add_(plain, gradients, alpha=-RATE)
            return value

        return lambda: batches(step)

    def compiled():
        torch._dynamo.reset()
        parameters = torch_steps.Numbers(CASE).parameters
        gradient = torch.func.grad_and_value(loss)

        def program(parameters, x, t):
            gradients, value = gradient(parameters, x, t)
            for p, g in zip(parameters, gradients):
                p.sub_(RATE * g)
            return value

        run = torch.compile(program, dynamic=False, fullgraph=True)

        def epoch():
            with torch.no_grad():
                return batches(lambda x, t: run(parameters, x, t))

        return epoch

    ways = {}
    for threads in sorted({1, default}):
        for make in (usual, bare, compiled):
            ways[f"{make.__name__}, {threads} thread(s)"] = torch_steps.with_threads(threads, make)
    return f"PyTorch {torch.__version__}", ways


def jax_ways(pixels, labels):
    import jax
    import jax.numpy as jnp
    import numpy
    import jax_steps

    x, t = jnp.array(pixels), jnp.eye(10, dtype=jnp.float32)[labels]
    program = jax_steps.program(CASE, jax_steps.loss_function(CASE))
    count = len(pixels) // SIZE
    generator = numpy.random.default_rng(3)

    def order():
        rows = generator.permutation(count * SIZE).astype(numpy.int32)
        return jnp.array(rows.reshape(count, SIZE))

    def gathering(carried, order, x, t):
        return jax.lax.scan(lambda c, rows: program(c, x[rows], t[rows]), carried, order)

    def gathered(carried, order, x, t):
        return jax.lax.scan(
            lambda c, batch: program(c, *batch), carried, (x[order], t[order]))

    def whole(all_steps):
        """The whole epoch is one compiled program."""
        carried = jax_steps.start(CASE)
        run = jax.jit(all_steps, donate_argnums=0)

        def epoch():
            nonlocal carried
            carried, losses = run(carried, order(), x, t)
            return float(losses.mean())

        return epoch

    def stepwise():
        carried = jax_steps.start(CASE)
        run = jax.jit(lambda c, rows, x, t: program(c, x[rows], t[rows]), donate_argnums=0)

        def epoch():
            nonlocal carried
            total = 0
            for rows in numpy.asarray(order()):
                carried, value = run(carried, rows, x, t)
                total += value
            return float(total) / count

        return epoch

    return jax_steps.VERSION, {
        "epoch under jit": lambda: whole(gathering),
        "epoch under jit, all rows gathered first": lambda: whole(gathered),
        "step under jit": stepwise,
    }


def numpy_ways(pixels, labels):
    import nielsen_numpy

    examples = nielsen_numpy.examples(pixels[:50_000], labels[:50_000])
    some = examples[:2000]

    def make():
        network = nielsen_numpy.Network([784, 30, 10])

        def epoch():
            network.epoch(examples, 10, 3.0)
            return None

        epoch.loss = lambda: 1 - network.accuracy(some)
        return epoch

    return nielsen_numpy.VERSION, {"example by example": make}


class Bench:
    def __init__(self, peer, folder):
        from mnist import training_rows

        self.peer = peer
        ways = {"torch": torch_ways, "jax": jax_ways, "numpy": numpy_ways}[peer]
        self.version, self.ways = ways(*training_rows(folder))
        self.cases = ("nielsen",) if peer == "numpy" else ("mnist",)
        self.epoch = None

    def choose(self, name):
        def trial(make):
            epoch = make()
            loss = epoch()
            time = self.time(epoch)
            # What is always ten times 0.1 has a loss of 0.45; an error of guesses is 0.9.
            loss = epoch.loss() if hasattr(epoch, "loss") else loss
            if not loss < 0.45:
                raise ValueError(f"does not learn: {loss}")
            return time, f", loss {loss:.4f}"

        way = fastest(self.ways, trial, f"{self.peer} {name}")
        self.remark = chosen(way, self.ways)
        self.epoch = self.ways[way]()
        self.epoch()

    @staticmethod
    def time(epoch):
        begin = time.perf_counter()
        epoch()
        return (time.perf_counter() - begin) * 1e6

    def answer(self, name, epochs):
        if name not in self.cases:
            raise ValueError(f"{self.peer} has no case {name}")
        if self.epoch is None:
            self.choose(name)
        times = [round(self.time(self.epoch), 1) for _ in range(int(epochs))]
        return {"microseconds": times, "version": self.version, **self.remark}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("torch", "jax", "numpy"):
        sys.exit(__doc__)
    serve(sys.argv[1], Bench(sys.argv[1], sys.argv[2]).answer)


if __name__ == "__main__":
    main()
