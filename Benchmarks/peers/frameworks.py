"""The training step's peers by name. A framework is imported when it is first asked for."""

from architectures import ARCHITECTURES, Architecture
from cases import CASES

PEERS = ["torch-eager", "torch-compile", "torch-usual", "jax"]


def framework(peer):
    """The framework's version, its ways to make a step, and what waits for its work."""
    if peer == "jax":
        import jax_steps

        return jax_steps.VERSION, jax_steps.ways, jax_steps.finish
    if peer == "torch-usual":
        import torch_usual

        return torch_usual.VERSION, torch_usual.ways, torch_usual.finish
    import torch_architectures
    import torch_steps

    def ways(case):
        room = torch_architectures if isinstance(case, Architecture) else torch_steps
        return (room.eager if peer == "torch-eager" else room.compiled)(case)

    return torch_steps.VERSION, ways, torch_steps.finish


def case_named(name):
    """A step's case, of either kind."""
    return (CASES | ARCHITECTURES)[name]


def number(loss):
    """A loss as a Python number; PyTorch's is cut from its graph first."""
    return float(loss.detach() if hasattr(loss, "detach") else loss)
