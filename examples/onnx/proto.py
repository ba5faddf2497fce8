"""ONNX models, written without any package: https://onnx.ai, onnx.proto.

    model([node("Relu", ["x"], ["y"])],
          [value("x", tensor(FLOAT, ["N", 4]))],
          [value("y", tensor(FLOAT, ["N", 4]))])

is the bytes of model.onnx.  Numbers beside a call are onnx.proto's fields.
"""
import struct

FLOAT, UINT8, INT8, UINT16, INT16, INT32, INT64, STRING, BOOL = range(1, 10)
FLOAT16, DOUBLE = 10, 11
BFLOAT16 = 16

_FORMATS = {FLOAT: "f", INT32: "i", INT64: "q", DOUBLE: "d", BOOL: "?",
            FLOAT16: "e"}


def _varint(n):
    n &= (1 << 64) - 1  # as int64
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def _int(field, n):
    return _varint(field << 3) + _varint(n)


def _bytes(field, data):
    if isinstance(data, str):
        data = data.encode()
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _float(field, v):
    return _varint(field << 3 | 5) + struct.pack("<f", v)


def tensor(element, shape):
    """The type of a tensor; a size is a number, or a name if it is free."""
    dims = b""
    for size in shape:
        dim = _bytes(2, size) if isinstance(size, str) else _int(1, size)
        dims += _bytes(1, dim)
    return _bytes(1, _int(1, element) + _bytes(2, dims))


def sequence(element):
    return _bytes(4, _bytes(1, element))


def mapping(key, value_type):
    return _bytes(5, _int(1, key) + _bytes(2, value_type))


def value(name, kind):
    return _bytes(1, name) + _bytes(2, kind)


def constant(name, element, shape, values):
    """A tensor with its values, row after row."""
    out = b"".join(_int(1, size) for size in shape) + _int(2, element)
    if element == STRING:
        out += b"".join(_bytes(6, v) for v in values)
    else:
        out += _bytes(9, struct.pack(f"<{len(values)}{_FORMATS[element]}", *values))
    return out + _bytes(8, name)


def _attribute(name, v):
    out = _bytes(1, name)
    if isinstance(v, str):
        return out + _bytes(4, v) + _int(20, 3)
    if isinstance(v, float):
        return out + _float(2, v) + _int(20, 1)
    if isinstance(v, int):
        return out + _int(3, v) + _int(20, 2)
    if isinstance(v[0], str):
        return out + b"".join(_bytes(9, x) for x in v) + _int(20, 8)
    if isinstance(v[0], float):
        return out + b"".join(_float(7, x) for x in v) + _int(20, 6)
    return out + b"".join(_int(8, x) for x in v) + _int(20, 7)


def node(op, inputs, outputs, domain="", **attributes):
    out = b"".join(_bytes(1, name) for name in inputs)
    out += b"".join(_bytes(2, name) for name in outputs)
    out += _bytes(4, op)
    out += b"".join(_bytes(5, _attribute(k, v)) for k, v in attributes.items())
    return out + (_bytes(7, domain) if domain else b"")


def model(nodes, inputs, outputs, constants=()):
    graph = b"".join(_bytes(1, n) for n in nodes) + _bytes(2, "graph")
    graph += b"".join(_bytes(5, c) for c in constants)
    graph += b"".join(_bytes(11, i) for i in inputs)
    graph += b"".join(_bytes(12, o) for o in outputs)
    out = _int(1, 7)  # version of the format
    out += _bytes(2, "bt") + _bytes(7, graph)
    out += _bytes(8, _bytes(1, "") + _int(2, 13))  # of the operators
    return out + _bytes(8, _bytes(1, "ai.onnx.ml") + _int(2, 1))
