#!/usr/bin/env python3
"""Makes points.csv and models/rings/model.onnx.

The points lie in a plane; a small network finds the ring, of three, that each is
in: 2 inputs, 12 hidden values, 3 classes, trained here by gradient descent.
"""
import math
import os
import random

import proto

HIDDEN, CLASSES, STEPS, RATE = 12, 3, 200, 0.02
here = os.path.dirname(os.path.abspath(__file__))


def point(rng):
    label = rng.randrange(CLASSES)
    radius = label + 0.25 + 0.5 * rng.random()
    angle = 2 * math.pi * rng.random()
    return round(radius * math.cos(angle), 3), round(radius * math.sin(angle), 3), label


def forward(w, x):
    """The hidden values and the classes' probabilities."""
    hidden = [max(0.0, sum(a * b for a, b in zip(x, row)) + bias)
              for row, bias in zip(w["w1"], w["b1"])]
    sums = [sum(a * b for a, b in zip(hidden, row)) + bias
            for row, bias in zip(w["w2"], w["b2"])]
    top = max(sums)
    powers = [math.exp(s - top) for s in sums]
    return hidden, [p / sum(powers) for p in powers]


def train(points, rng):
    w = {"w1": [[rng.gauss(0, 1) for _ in range(2)] for _ in range(HIDDEN)],
         "b1": [rng.gauss(0, 1) for _ in range(HIDDEN)],
         "w2": [[rng.gauss(0, 0.5) for _ in range(HIDDEN)] for _ in range(CLASSES)],
         "b2": [0.0] * CLASSES}
    for _ in range(STEPS):
        for x, y, label in points:
            hidden, chances = forward(w, (x, y))
            error = [c - (k == label) for k, c in enumerate(chances)]
            for h in range(HIDDEN):
                if hidden[h] == 0.0:
                    continue
                back = sum(error[k] * w["w2"][k][h] for k in range(CLASSES))
                for k in range(CLASSES):
                    w["w2"][k][h] -= RATE * error[k] * hidden[h]
                w["b1"][h] -= RATE * back
                w["w1"][h][0] -= RATE * back * x
                w["w1"][h][1] -= RATE * back * y
            for k in range(CLASSES):
                w["b2"][k] -= RATE * error[k]
    return w


def network(w, batch="N"):
    """The network as a model that takes batch points at once."""
    flat = lambda rows: [v for row in rows for v in row]
    return proto.model(
        [proto.node("Gemm", ["point", "w1", "b1"], ["sums"], transB=1),
         proto.node("Relu", ["sums"], ["hidden"]),
         proto.node("Gemm", ["hidden", "w2", "b2"], ["scores"], transB=1),
         proto.node("Softmax", ["scores"], ["probabilities"], axis=1),
         proto.node("ArgMax", ["scores"], ["ring"], axis=1, keepdims=0)],
        [proto.value("point", proto.tensor(proto.FLOAT, [batch, 2]))],
        [proto.value("ring", proto.tensor(proto.INT64, [batch])),
         proto.value("probabilities", proto.tensor(proto.FLOAT, [batch, CLASSES]))],
        [proto.constant("w1", proto.FLOAT, [HIDDEN, 2], flat(w["w1"])),
         proto.constant("b1", proto.FLOAT, [HIDDEN], w["b1"]),
         proto.constant("w2", proto.FLOAT, [CLASSES, HIDDEN], flat(w["w2"])),
         proto.constant("b2", proto.FLOAT, [CLASSES], w["b2"])])


def main():
    rng = random.Random(7)
    w = train([point(rng) for _ in range(200)], rng)
    test = [point(rng) for _ in range(60)]
    right = sum(max(range(CLASSES), key=forward(w, t[:2])[1].__getitem__) == t[2]
                for t in test)
    print(f"{right} of {len(test)} right")
    with open(os.path.join(here, "points.csv"), "w") as f:
        for i, (x, y, label) in enumerate(test):
            f.write(f"p{i},{x},{y}\n")
    os.makedirs(os.path.join(here, "models/rings"), exist_ok=True)
    with open(os.path.join(here, "models/rings/model.onnx"), "wb") as f:
        f.write(network(w))


if __name__ == "__main__":
    main()
