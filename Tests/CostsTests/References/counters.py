"""What PyTorch's own counter says of networks: multiply-adds of one row's forward pass.

Writes counters.json beside this file. Needs torch; the networks are written out here.
"""
import json
import pathlib

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


def bottleneck_block(inputs, width, stride, projects):
    branch = nn.Sequential(
        nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
        nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
        nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width))
    shortcut = nn.Identity()
    if projects:
        shortcut = nn.Sequential(
            nn.Conv2d(inputs, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width))
    return Sum(branch, shortcut)


class Sum(nn.Module):
    def __init__(self, branch, shortcut):
        super().__init__()
        self.branch, self.shortcut = branch, shortcut

    def forward(self, x):
        return torch.relu(self.branch(x) + self.shortcut(x))


def resnet50():
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for stage, count in enumerate([3, 4, 6, 3]):
        for place in range(count):
            width = 64 << stage
            layers.append(bottleneck_block(inputs, width, 2 if place == 0 and stage > 0 else 1, place == 0))
            inputs = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))


def vgg16():
    layers, inputs = [], 3
    for channels, count in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]:
        for _ in range(count):
            layers += [nn.Conv2d(inputs, channels, 3, padding=1), nn.ReLU()]
            inputs = channels
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(
        *layers, nn.Flatten(), nn.Linear(25088, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(),
        nn.Linear(4096, 1000))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(),
        nn.AvgPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(),
        nn.Linear(84, 10))


class LSTMClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.output = nn.LSTM(28, 128, batch_first=True), nn.Linear(128, 10)

    def forward(self, x):
        return self.output(self.lstm(x)[0][:, -1])


class Attention(nn.Module):
    """Four heads over 64 steps of 128 numbers, in PyTorch's own attention layer."""

    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(128, 4, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x, need_weights=False)[0]


def count(model, shape):
    model.eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, *shape))
    return {
        "parameters": sum(p.numel() for p in model.parameters()),
        "multiplyAdds": counter.get_total_flops() // 2,
    }


results = {
    "lenet": count(lenet(), (1, 28, 28)),
    "vgg-16": count(vgg16(), (3, 224, 224)),
    "resnet-50": count(resnet50(), (3, 224, 224)),
    "lstm": count(LSTMClassifier(), (28, 28)),
    "attention": count(Attention(), (64, 128)),
    "784-16-10": count(nn.Sequential(nn.Linear(784, 16), nn.Sigmoid(), nn.Linear(16, 10)), (784,)),
}
path = pathlib.Path(__file__).with_name("counters.json")
path.write_text(json.dumps({"torch": torch.__version__, "counts": results}, indent=1) + "\n")
print(path.read_text())
