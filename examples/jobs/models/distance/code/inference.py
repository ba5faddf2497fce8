"""The distance from 0,0 of the point in a tf.Example, its floats x and y.

An example is a protobuf message, which is read here without TensorFlow:
Example.features (1) .feature (1, a map) .float_list (2) .value (1, packed).
"""

import struct


def model_fn(model_dir):
    return None


def varint(message, at):
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(message):
    """Yields number and bytes of each field; all fields here have a length."""
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        if key & 7 != 2:
            raise ValueError("field %d is not of type 2" % (key >> 3))
        length, at = varint(message, at)
        yield key >> 3, message[at:at + length]
        at += length


def input_fn(body, content_type):
    point = {}
    for _, features in fields(body):
        for _, entry in fields(features):
            pair = dict(fields(entry))
            floats = dict(fields(dict(fields(pair[2]))[2]))[1]
            point[pair[1].decode()] = struct.unpack("<f", floats)[0]
    return point


def predict_fn(point, model):
    return (point["x"] ** 2 + point["y"] ** 2) ** 0.5


def output_fn(distance, accept):
    return "%.3f" % distance, "text/csv"
