"""The cases of the sections cnn, lstm and transformer, and the batch each is timed on.

One step is forward, loss, backward and Adam's update, in Float32, on one batch in memory. As in
cases.py every input row stands twice in its batch, with different targets, so that no gradient
dies out.

Parameters are in our layout: dense weights [inputs, outputs], convolution weights [height, width,
channels in, channels out].
"""

import numpy

CLASSES = 10


class Architecture:
    """What cases.Case has: a batch, parameters, and the rule."""

    optimizer, rate, loss = "adam", 1e-3, "crossEntropy"

    def batch_arrays(self):
        """Inputs, and the numbers of classes."""
        random = numpy.random.default_rng(1)
        x, t = self.distinct(random, self.batch // 2)
        return numpy.concatenate([x, x]), numpy.concatenate([t, (t + 1) % self.classes])

    def parameter_arrays(self):
        """Glorot's uniform numbers for products, zeros for biases, ones for scales."""
        random = numpy.random.default_rng(2)
        arrays = []
        for name, shape in self.parameter_shapes().items():
            if len(shape) == 1:
                value = 1.0 if name.endswith("scale") else 0.0
                arrays.append(numpy.full(shape, value, numpy.float32))
                continue
            places = int(numpy.prod(shape[:-2]))
            bound = (6 / (places * (shape[-2] + shape[-1]))) ** 0.5
            arrays.append(random.uniform(-bound, bound, shape).astype(numpy.float32))
        return arrays


class Convolutional(Architecture):
    """28×28 → 32 and 64 channels by 3×3, each halved by its maxima → 128 → 10."""

    name, batch, classes = "cnn", 64, CLASSES
    channels, hidden = (1, 32, 64), 128

    def distinct(self, random, rows):
        x = random.random((rows, 28, 28, 1), dtype=numpy.float32)
        return x, numpy.arange(rows) % self.classes

    def parameter_shapes(self):
        shapes = {}
        for index, pair in enumerate(zip(self.channels, self.channels[1:])):
            shapes[f"convolution{index}.weight"] = (3, 3, *pair)
            shapes[f"convolution{index}.bias"] = pair[1:]
        for index, pair in enumerate([(49 * self.channels[-1], self.hidden),
                                      (self.hidden, self.classes)]):
            shapes[f"dense{index}.weight"] = pair
            shapes[f"dense{index}.bias"] = pair[1:]
        return shapes


class Recurrent(Architecture):
    """28 steps of 28 features → LSTM, 128 units → the last state → 10."""

    name, batch, classes = "lstm", 64, CLASSES
    steps, features, units = 28, 28, 128

    def distinct(self, random, rows):
        x = random.random((rows, self.steps, self.features), dtype=numpy.float32)
        return x, numpy.arange(rows) % self.classes

    def parameter_shapes(self):
        # One bias of the gates: PyTorch's module has two, whose sum counts.
        return {
            "inputWeight": (self.features, 4 * self.units),
            "recurrentWeight": (self.units, 4 * self.units), "bias": (4 * self.units,),
            "dense.weight": (self.units, self.classes), "dense.bias": (self.classes,),
        }


class Transformer(Architecture):
    """64 tokens of 65 → width 128, learned positions, 4 causal pre-norm blocks of 4 heads and a
    feed-forward part of 512 (GELU) → norm → the next token's scores at every place."""

    name, batch, classes = "transformer", 16, 65
    tokens, width, heads, feed_forward, blocks = 64, 128, 4, 512, 4

    def distinct(self, random, rows):
        x = random.integers(0, self.classes, (rows, self.tokens))
        return x, numpy.roll(x, -1, axis=1)

    def parameter_shapes(self):
        width = self.width
        shapes = {"embedding": (self.classes, width), "positions": (self.tokens, width)}
        for block in range(self.blocks):
            block_shapes = {
                "norm1.scale": (width,), "norm1.shift": (width,),
                "attention.weight": (width, 3 * width), "attention.bias": (3 * width,),
                "output.weight": (width, width), "output.bias": (width,),
                "norm2.scale": (width,), "norm2.shift": (width,),
                "up.weight": (width, self.feed_forward), "up.bias": (self.feed_forward,),
                "down.weight": (self.feed_forward, width), "down.bias": (width,),
            }
            shapes.update({f"block{block}.{name}": shape for name, shape in block_shapes.items()})
        return {
            **shapes, "norm.scale": (width,), "norm.shift": (width,),
            "head.weight": (width, self.classes), "head.bias": (self.classes,),
        }


ARCHITECTURES = {case.name: case for case in (Convolutional(), Recurrent(), Transformer())}
