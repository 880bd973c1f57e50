#!/usr/bin/env python3
"""Makes the files of this folder, FAMILY.safetensors, with PyTorch in Float64.

    python3 make_references.py [FAMILY …]

Without a name, all families in families/. See README.md.
"""

import importlib
import pathlib
import pkgutil
import sys

import torch

import families
from families import common

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 3 << 20


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    torch.use_deterministic_algorithms(True)
    known = [item.name for item in pkgutil.iter_modules(families.__path__)
             if item.name != "common"]
    for name in sys.argv[1:]:
        if name not in known:
            sys.exit(f"there is no family {name}; there are {', '.join(known)}")
    for name in sys.argv[1:] or known:
        path = HERE / f"{name}.safetensors"
        torch.manual_seed(0)
        count = common.write(name, importlib.import_module(f"families.{name}").cases(), path)
        print(f"{name}: {count} cases, {path.stat().st_size / 1024:.0f} KiB")
    size = sum(path.stat().st_size for path in HERE.glob("*.safetensors"))
    print(f"all files: {size / 1024:.0f} KiB")
    if size > LIMIT:
        sys.exit(f"the folder has grown past {LIMIT >> 20} MiB: make the cases smaller")


if __name__ == "__main__":
    main()
