#!/usr/bin/env python3
"""Writes the input of some jobs into made/: binary files (gzip, TFRecord and
RecordIO), and the first tumours as text/csv and text/libsvm."""

import gzip
import os
import struct

here = os.path.dirname(os.path.abspath(__file__))


def path(*names):
    return os.path.join(here, *names)


def field(number, payload):
    """A protobuf field with a length; all fields here are below 16 KiB."""
    n = len(payload)
    length = bytes([n]) if n < 128 else bytes([n & 127 | 128, n >> 7])
    return bytes([number << 3 | 2]) + length + payload


def floats(numbers):
    return struct.pack("<%df" % len(numbers), *numbers)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x82F63B78 * (crc & 1)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def tfrecord(payload):
    length = struct.pack("<Q", len(payload))
    return length + masked(length) + payload + masked(payload)


def recordio(payload):
    return struct.pack("<II", 0xCED7230A, len(payload)) + payload + bytes(-len(payload) % 4)


def example(x, y):
    """A tf.Example: Features, a map of name to Feature, FloatList."""
    entries = (field(1, field(1, name) + field(2, field(2, field(1, floats([value])))))
               for name, value in ((b"x", x), (b"y", y)))
    return field(1, b"".join(entries))


def record(numbers):
    """An aialgs.data.Record: the feature values, a Value, a Float32Tensor."""
    return field(1, field(1, b"values") + field(2, field(2, field(1, floats(numbers)))))


os.makedirs(path("made"), exist_ok=True)
with open(path("..", "scores", "scores.csv"), "rb") as f:
    scores = f.read()
with open(path("made", "scores.csv.gz"), "wb") as f:
    f.write(gzip.compress(scores, mtime=0))
with open(path("made", "points.tfrecord"), "wb") as f:
    f.writelines(tfrecord(example(x, y)) for x, y in ((3, 4), (0, 0), (-5, 12)))

with open(path("..", "breast-cancer", "tumours.csv")) as f:
    tumours = [next(f) for _ in range(5)]
rows = [line.strip().split(",")[1:] for line in tumours]
with open(path("made", "tumours.csv"), "w") as f:
    f.writelines(tumours)
with open(path("made", "tumours.libsvm"), "w") as f:
    f.writelines("0 " + " ".join("%d:%s" % pair for pair in enumerate(row)) + "\n"
                 for row in rows)
with open(path("made", "tumours.recordio"), "wb") as f:
    f.writelines(recordio(record([float(v) for v in row])) for row in rows)
