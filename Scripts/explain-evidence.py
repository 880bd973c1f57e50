#!/usr/bin/env python3
"""Gradients of single weights of a network on MNIST: `backprop explain` beside PyTorch in Float64.

    python3 Scripts/explain-evidence.py PROGRAM MODEL MNIST-FOLDER

needs PyTorch, NumPy and safetensors. MODEL is 784-16-10, sigmoid and softmax with cross-entropy,
and was trained on pixels divided by 255. Prints a Markdown table of the gradients of weights into
hidden neurons, from pixels that have ink in the row, and of a weight and a bias of each layer, for
the first test row of some digits; fails where two differ by more than 1e-9, of the gradient where
that is small, or where there was nothing to compare.
"""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file

TOLERANCE = 1e-9
DIGITS = [0, 2, 3, 5, 8]


def idx(path):
    """The numbers of an IDX file of bytes, packed or not."""
    if path.exists():
        data = path.read_bytes()
    else:
        data = gzip.decompress(path.with_name(path.name + ".gz").read_bytes())
    shape = np.frombuffer(data, ">u4", data[3], 4).astype(int)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def gradients(tensors, pixels, label):
    """All gradients of the cross-entropy of one row, by PyTorch."""
    p = {
        name: torch.tensor(values.astype(np.float64), requires_grad=True)
        for name, values in tensors.items()
    }
    x = torch.tensor(pixels.reshape(-1).astype(np.float64)) / 255
    hidden = torch.sigmoid(x @ p["hidden.weight"] + p["hidden.bias"])
    net = hidden @ p["output.weight"] + p["output.bias"]
    torch.nn.functional.cross_entropy(net[None], torch.tensor([int(label)])).backward()
    return {name: tensor.grad for name, tensor in p.items()}


def explained(program, model, folder, row, weight):
    """The gradient that `backprop explain` derives."""
    command = [
        program, "explain", model, folder, "--row", str(row + 1), "--weight", weight,
        "--format", "json",
    ]
    result = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    found = [
        quantity["value"] for quantity in json.loads(result.stdout)["quantities"].values()
        if quantity["kind"] == "gradient"
    ]
    if len(found) != 1:
        sys.exit(f"{weight}: {len(found)} gradients, expected 1")
    return found[0]


def places(pixels, number):
    """Three hidden weights, the inked pixels of their rows spread out, and one of each other kind."""
    ink = np.flatnonzero(pixels.reshape(-1))
    for part, unit in [(0.25, 3), (0.5, 7), (0.75, 12)]:
        yield "hidden.weight", (int(ink[int(part * len(ink))]), (unit + number) % 16)
    yield "hidden.bias", ((5 + number) % 16,)
    yield "output.weight", ((9 + number) % 16, number)
    yield "output.bias", (number,)


def main():
    program, model, folder = sys.argv[1:]
    tensors = {
        name: values for name, values in load_file(model).items()
        if name.startswith(("hidden.", "output."))
    }
    images = idx(Path(folder) / "t10k-images-idx3-ubyte")
    labels = idx(Path(folder) / "t10k-labels-idx1-ubyte")
    worst, relative, count = 0.0, 0.0, 0
    print("| row | digit | weight | backprop explain | PyTorch | difference |")
    print("|---|---|---|---|---|---|")
    for digit in DIGITS:
        row = int(np.flatnonzero(labels == digit)[0])
        expected = gradients(tensors, images[row], digit)
        for name, place in places(images[row], digit):
            weight = f"{name}[{','.join(map(str, place))}]"
            ours = explained(program, model, folder, row, weight)
            theirs = float(expected[name][place])
            worst, count = max(worst, abs(ours - theirs)), count + 1
            relative = max(relative, abs(ours - theirs) / (abs(theirs) or 1))
            print(
                f"| {row + 1} | {digit} | `{weight}` | {ours:.15g} | {theirs:.15g} | "
                f"{abs(ours - theirs):.1e} |")
    print()
    print(
        f"{count} gradients, worst difference {worst:.1e}, relative {relative:.1e}; "
        f"at most {TOLERANCE:.0e} allowed.")
    if not (count == 6 * len(DIGITS) and max(worst, relative) <= TOLERANCE):
        sys.exit("backprop explain and PyTorch disagree")


if __name__ == "__main__":
    main()
