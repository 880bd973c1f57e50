#!/usr/bin/env python3
"""Times predictions of 784-128-10 (ReLU, softmax) in a framework.

    python peer_inference.py onnxruntime|torch-eager|torch-compile FILE

FILE is the safetensors file that `StepBenchmark inference write FILE` makes: weights, inputs, and
the outputs that belong to them. Reads lines "batch-ROWS SECONDS" and answers like peer_steps.py;
each way's outputs are compared with the file's, and the fastest way is kept.
"""

import json
import sys

import numpy

from timing import TRIAL_SECONDS, chosen, fastest, medians, serve

TOLERANCE = 1e-5


def read_tensors(path):
    """A safetensors file's Float32 tensors: a length, a JSON header, then the bytes."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        assert entry["dtype"] == "F32", name
        begin, end = entry["data_offsets"]
        tensors[name] = numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
    return tensors


def onnx_model(tensors):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weights = ["weight1", "bias1", "weight2", "bias2"]
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["x", "weight1", "bias1"], ["sum1"]),
            helper.make_node("Relu", ["sum1"], ["hidden"]),
            helper.make_node("Gemm", ["hidden", "weight2", "bias2"], ["sum2"]),
            helper.make_node("Softmax", ["sum2"], ["y"], axis=1),
        ],
        "digits", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 784])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 10])],
        [numpy_helper.from_array(tensors[name], name) for name in weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def onnx_ways(tensors, x):
    """A run gives an array; a bound run writes into one that is there."""
    import onnxruntime

    model = onnx_model(tensors)

    def session(threads):
        options = onnxruntime.SessionOptions()
        if threads is not None:
            options.intra_op_num_threads = threads
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def plain(threads):
        run = session(threads).run
        feed = {"x": x}
        return lambda: run(None, feed)[0]

    def bound(threads):
        running = session(threads)
        y = numpy.empty((x.shape[0], 10), numpy.float32)
        binding = running.io_binding()
        binding.bind_input("x", "cpu", 0, numpy.float32, x.shape, x.ctypes.data)
        binding.bind_output("y", "cpu", 0, numpy.float32, y.shape, y.ctypes.data)

        def run():
            running.run_with_iobinding(binding)
            return y

        return run

    ways = {}
    for name, threads in {"default threads": None, "1 thread": 1, "2 threads": 2}.items():
        ways[name] = lambda threads=threads: plain(threads)
        ways[f"bound arrays, {name}"] = lambda threads=threads: bound(threads)
    return f"onnxruntime {onnxruntime.__version__}", ways


def torch_ways(tensors, x, is_compiled):
    import torch
    from torch import nn

    def model():
        module = nn.Sequential(
            nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10), nn.Softmax(dim=1))
        with torch.no_grad():
            for place, number in ((0, 1), (2, 2)):
                module[place].weight.copy_(torch.tensor(tensors[f"weight{number}"]).T)
                module[place].bias.copy_(torch.tensor(tensors[f"bias{number}"]))
        return module.eval()

    def functions():
        w1, w2 = (torch.tensor(tensors[f"weight{n}"]).T.contiguous() for n in (1, 2))
        b1, b2 = (torch.tensor(tensors[f"bias{n}"]) for n in (1, 2))
        linear = nn.functional.linear
        return lambda x: torch.softmax(linear(torch.relu(linear(x, w1, b1)), w2, b2), 1)

    def way(make, threads):
        def start():
            torch.set_num_threads(threads)
            run, rows = make(), torch.tensor(x)
            if is_compiled:
                torch._dynamo.reset()
                run = torch.compile(run, dynamic=False, fullgraph=True)

            def work():
                with torch.inference_mode():
                    return run(rows)

            return work

        return start

    ways = {}
    for threads in sorted({1, torch.get_num_threads()}):
        ways[f"modules, {threads} thread(s)"] = way(model, threads)
        ways[f"functions, {threads} thread(s)"] = way(functions, threads)
    return f"PyTorch {torch.__version__}", ways


class Bench:
    def __init__(self, peer, path):
        self.peer, self.tensors = peer, read_tensors(path)
        self.name = None

    def choose(self, name):
        rows = int(name.rsplit("-", 1)[1])
        x = self.tensors["inputs"][:rows].copy()
        if self.peer == "onnxruntime":
            self.version, ways = onnx_ways(self.tensors, x)
        else:
            self.version, ways = torch_ways(self.tensors, x, self.peer == "torch-compile")

        def trial(make):
            work = make()
            worst = float(numpy.abs(numpy.asarray(work()) - self.tensors["outputs"][:rows]).max())
            if not worst <= TOLERANCE:
                raise ValueError(f"outputs differ by {worst}")
            return min(medians(work, TRIAL_SECONDS)), f", outputs differ by {worst:.1e}"

        way = fastest(ways, trial, f"{self.peer} {name}")
        self.name, self.remark, self.work = name, chosen(way, ways), ways[way]()

    def answer(self, name, seconds):
        if name != self.name:
            self.choose(name)
        times = [round(m, 4) for m in medians(self.work, seconds)]
        return {"microseconds": times, "version": self.version, **self.remark}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("onnxruntime", "torch-eager", "torch-compile"):
        sys.exit(__doc__)
    serve(sys.argv[1], Bench(sys.argv[1], sys.argv[2]).answer)


if __name__ == "__main__":
    main()
