"""What every section is given."""

import dataclasses
import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent.parent
OURS = "backprop"
CASES = {
    "2-2-2": "2-2-2, sigmoid, batch 1, half squared error, SGD",
    "784-16-10": "784-16-10, sigmoid, batch 32, half squared error, SGD",
    "784-128-10": "784-128-10, ReLU, batch 64, cross-entropy, Adam",
    "784-512-512-10": "784-512-512-10, ReLU, batch 128, cross-entropy, Adam",
    "1024-2048-2048-2048-1000":
        "1024-2048-2048-2048-1000, ReLU, batch 256, cross-entropy, Adam",
}
ARCHITECTURES = {
    "cnn": "28×28 → 32 and 64 channels by 3×3, ReLU, maxima of 2×2 → 128, ReLU → 10; batch 64, "
           "cross-entropy, Adam",
    "lstm": "28 steps of 28 features → LSTM of 128 units, its last state → 10; batch 64, "
            "cross-entropy, Adam",
    "transformer": "4 pre-norm blocks, width 128, 4 heads, 512, GELU, causal; 16 × 64 tokens of 65, "
                   "next-token cross-entropy, Adam",
}
LARGEST = "1024-2048-2048-2048-1000"
TITLES = {
    OURS: "Backprop", "torch-eager": "PyTorch eager", "torch-compile": "PyTorch compile",
    "torch-usual": "PyTorch as usual", "jax": "JAX", "torch": "PyTorch", "numpy": "NumPy",
    "onnxruntime": "onnxruntime",
}


@dataclasses.dataclass
class Bench:
    ours: list  # our benchmark program, as a command; empty for none
    command: str  # the backprop command; None for none
    python: str  # the Python that has the frameworks; None for none
    peers: list  # names that were asked for; None for all
    cases: list
    rounds: int
    seconds: float
    width: int  # the curve's largest
    mnist: pathlib.Path

    def peer(self, script, *arguments):
        return [self.python, str(HERE / "peers" / script), *arguments]

    def wanted(self, names):
        """Those of a section's peers that were asked for."""
        if not self.python:
            return []
        return [name for name in names if self.peers is None or name in self.peers]

    def seconds_for(self, case):
        """A large step needs more time for as many repetitions."""
        return self.seconds * (3 if case == LARGEST else 1)


def mnist_folder():
    """$BACKPROP_MNIST, else shared/data/mnist beside the package."""
    named = os.environ.get("BACKPROP_MNIST")
    return pathlib.Path(named) if named else HERE.parent.parent / "shared" / "data" / "mnist"
