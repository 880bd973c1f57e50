"""The scripts that made the tests' reference numbers, as modules."""

import importlib.util
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "Tests" / "ClassicNetworksTests" / "References"


def load(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
