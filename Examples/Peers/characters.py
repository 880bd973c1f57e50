#!/usr/bin/env python3
"""The character examples in PyTorch: the same networks, starts, rows, schedule and budget.

    python3 Examples/Peers/characters.py transformer|lstm [SEED [EPOCHS]]

Prints the validation bits a character, and the seconds of training.
"""
import math
import sys
import time
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn import functional

CONTEXT, STRIDE, BATCH, WARM_UP = 64, 16, 32, 20


def rows():
    text = (Path(__file__).parent / "../Data/alice.txt").read_text(encoding="utf-8")
    number = {character: place for place, character in enumerate(sorted(set(text)))}
    tokens = torch.tensor([number[character] for character in text])
    starts = range(0, len(text) - CONTEXT, STRIDE)
    windows = torch.stack([tokens[start : start + CONTEXT + 1] for start in starts])
    count = round(0.9 * len(windows))
    # Rows that share a target with the training part are left out.
    return windows[:count], windows[count + (CONTEXT - 1) // STRIDE :], len(number)


def normal(tensor, deviation):
    nn.init.normal_(tensor, 0, deviation)


class Block(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.heads, self.rate = heads, dropout
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.q, self.k, self.v = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)
        self.inner, self.outer = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        for layer in (self.q, self.k, self.v, self.out, self.inner, self.outer):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
        normal(self.inner.weight, math.sqrt(2 / width))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        batch, steps, width = x.shape
        h = self.norm1(x)
        q, k, v = (
            layer(h).view(batch, steps, self.heads, -1).transpose(1, 2)
            for layer in (self.q, self.k, self.v)
        )
        attended = functional.scaled_dot_product_attention(
            q, k, v, is_causal=True, dropout_p=self.rate if self.training else 0
        )
        x = x + self.dropout(self.out(attended.transpose(1, 2).reshape(batch, steps, width)))
        inner = self.dropout(functional.gelu(self.inner(self.norm2(x))))
        return x + self.dropout(self.outer(inner))


class Transformer(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, 128), nn.Embedding(CONTEXT, 128)
        normal(self.tokens.weight, 0.02)
        normal(self.places.weight, 0.02)
        self.blocks = nn.Sequential(*(Block(128, 4, 0.1) for _ in range(4)))
        self.norm, self.scores = nn.LayerNorm(128), nn.Linear(128, vocabulary)
        nn.init.xavier_uniform_(self.scores.weight)
        nn.init.zeros_(self.scores.bias)

    def forward(self, x):
        return self.scores(self.norm(self.blocks(self.tokens(x) + self.places.weight)))


class Recurrent(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, 64)
        self.lstm = nn.LSTM(64, 256, batch_first=True)
        # One bias, as here: the other stays 0. The forget gates' starts at 1.
        nn.init.zeros_(self.lstm.bias_ih_l0)
        nn.init.zeros_(self.lstm.bias_hh_l0)
        nn.init.ones_(self.lstm.bias_ih_l0[256:512])
        self.lstm.bias_hh_l0.requires_grad_(False)
        self.dropout, self.scores = nn.Dropout(0.2), nn.Linear(256, vocabulary)
        nn.init.xavier_uniform_(self.scores.weight)
        nn.init.zeros_(self.scores.bias)

    def forward(self, x):
        return self.scores(self.dropout(self.lstm(self.tokens(x))[0]))


def loss(model, windows):
    scores = model(windows[:, :-1])
    return functional.cross_entropy(scores.flatten(0, 1), windows[:, 1:].flatten())


def main():
    kind = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    torch.manual_seed(seed)
    training, validation, vocabulary = rows()
    model = {"transformer": Transformer, "lstm": Recurrent}[kind](vocabulary)
    rate = {"transformer": 1e-3, "lstm": 4e-3}[kind]
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
    steps = epochs * math.ceil(len(training) / BATCH)

    def factor(step):
        if step < WARM_UP:
            return (step + 1) / WARM_UP
        return (1 + math.cos(math.pi * (step - WARM_UP) / (steps - WARM_UP))) / 2

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
    order = numpy.random.default_rng(seed)
    start = time.perf_counter()
    for _ in range(epochs):
        for rows_of_step in torch.from_numpy(order.permutation(len(training))).split(BATCH):
            optimizer.zero_grad()
            loss(model, training[rows_of_step]).backward()
            nn.utils.clip_grad_norm_(parameters, 1)
            optimizer.step()
            schedule.step()
    seconds = time.perf_counter() - start
    model.eval()
    with torch.no_grad():
        sums = [loss(model, part).item() * len(part) for part in validation.split(64)]
    bits = sum(sums) / len(validation) / math.log(2)
    count = sum(p.numel() for p in parameters)
    print(f"{kind}: {count} parameters, {bits:.3f} bits a character, {seconds:.1f} s of training")


if __name__ == "__main__":
    main()
