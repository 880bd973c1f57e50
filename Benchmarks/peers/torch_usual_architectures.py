"""PyTorch's steps of the architectures as its tutorials write them: modules, an optimizer with
default options, the default number of threads. One way, nothing chosen."""

import torch
from torch import nn


class LastState(nn.Module):
    def __init__(self, case):
        super().__init__()
        self.lstm = nn.LSTM(case.features, case.units, batch_first=True)
        self.head = nn.Linear(case.units, case.classes)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class LanguageModel(nn.Module):
    def __init__(self, case):
        super().__init__()
        self.embedding = nn.Embedding(case.classes, case.width)
        self.positions = nn.Embedding(case.tokens, case.width)
        layer = nn.TransformerEncoderLayer(
            case.width, case.heads, case.feed_forward, dropout=0.0, activation="gelu",
            batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(
            layer, case.blocks, norm=nn.LayerNorm(case.width), enable_nested_tensor=False)
        self.head = nn.Linear(case.width, case.classes)
        self.register_buffer(
            "mask", nn.Transformer.generate_square_subsequent_mask(case.tokens))
        self.register_buffer("places", torch.arange(case.tokens))

    def forward(self, x):
        x = self.embedding(x) + self.positions(self.places)
        return self.head(self.encoder(x, mask=self.mask, is_causal=True)).transpose(1, 2)


def model_of(case):
    if case.name == "lstm":
        return LastState(case)
    if case.name == "transformer":
        return LanguageModel(case)
    first, second, third = case.channels
    return nn.Sequential(
        nn.Conv2d(first, second, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(second, third, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(49 * third, case.hidden), nn.ReLU(), nn.Linear(case.hidden, case.classes))


def batch_of(case):
    x, t = (torch.from_numpy(array) for array in case.batch_arrays())
    return (x.permute(0, 3, 1, 2).contiguous() if case.name == "cnn" else x), t
