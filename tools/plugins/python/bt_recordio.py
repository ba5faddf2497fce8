"""application/x-recordio-protobuf, as the image of XGBoost reads it: records of
aialgs.data.Record (record.proto of the SageMaker Python SDK) in RecordIO's frames, or
one without a frame."""

import struct

from bt_codecs import Refusal

TYPE = "application/x-recordio-protobuf"
MAGIC = struct.pack("<I", 0xced7230a)
LENGTH = (1 << 29) - 1
FEATURES, LABEL = 1, 2
VALUES, KEYS, SHAPE = 1, 2, 3
# A tensor's field in a Value: how struct and protobuf write its numbers.
NUMBERS = {2: ("f", 5), 3: ("d", 1), 7: (None, 0)}
FIXED = {1: 8, 5: 4}
VARINT, SIZED = 0, 2
MOST_COLUMNS = 1 << 31


def frames(body):
    """The records and where they begin."""
    if body[:4] != MAGIC:
        yield 0, body
        return
    at, parts = 0, []
    while at < len(body):
        if body[at:at + 4] != MAGIC or len(body) < at + 8:
            raise Refusal(400, TYPE + ": a RecordIO header is missing", at)
        word = struct.unpack_from("<I", body, at + 4)[0]
        n, last = word & LENGTH, word >> 29 in (0, 3)
        if len(body) < at + 8 + n:
            raise Refusal(400, TYPE + ": the record is cut off", at)
        parts.append(body[at + 8:at + 8 + n])
        if last:
            yield at, MAGIC.join(parts)
            parts = []
        at += 8 + n + -n % 4
    if parts:
        raise Refusal(400, TYPE + ": the record is cut off", len(body) - 1)


def varint(data, at):
    value = shift = 0
    while shift < 64:
        value |= (data[at] & 0x7f) << shift
        at += 1
        if data[at - 1] < 0x80:
            return value, at
        shift += 7
    raise ValueError


def fields(data):
    """Of a message: their numbers, wire types and values."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        wire, start = tag & 7, at
        if wire == VARINT:
            value, at = varint(data, at)
            yield tag >> 3, wire, value
            continue
        if wire != SIZED and wire not in FIXED:
            raise ValueError
        n = FIXED.get(wire)
        if wire == SIZED:
            n, start = varint(data, at)
        at = start + n
        if at > len(data):
            raise ValueError
        yield tag >> 3, wire, data[start:at]


def integers(data):
    found, at = [], 0
    while at < len(data):
        value, at = varint(data, at)
        found.append(value)
    return found


def add(numbers, wire, value, code, each):
    """The numbers of a field, which may be packed."""
    if wire not in (SIZED, each):
        raise ValueError
    if each == VARINT:
        numbers += integers(value) if wire == SIZED else [value]
    else:
        numbers += struct.unpack("<%d%s" % (len(value) // FIXED[each], code), value)


def tensor(value):
    """Values, keys and shape; None if they are not numbers."""
    found = [(number, data) for number, wire, data in fields(value)
             if wire == SIZED and (number in NUMBERS or number == 9)]
    if not found or found[-1][0] == 9:
        return None
    kind, data = found[-1]
    code, each = NUMBERS[kind]
    values, keys, shape = [], [], []
    for number, wire, part in fields(data):
        if number == VALUES:
            add(values, wire, part, code, each)
        elif number in (KEYS, SHAPE):
            add(keys if number == KEYS else shape, wire, part, None, VARINT)
    if kind == 7:
        values = [((v & 0xffffffff) ^ 0x80000000) - 0x80000000 for v in values]
    return values, keys, shape


def entry(record, number):
    """The tensor "values" of the map features or label; False if there is none."""
    found = False
    for field, wire, data in fields(record):
        if field != number or wire != SIZED:
            continue
        parts = {f: part for f, w, part in fields(data) if w == SIZED}
        if bytes(parts.get(1, b"")) == b"values":
            found = tensor(parts.get(2, b""))
    return found


def width_of(shape):
    width = 1
    for n in shape:
        width *= n
    return width


def read(record):
    """{column: value}, the number of columns or None, and the label or None."""
    found = entry(record, FEATURES)
    if found is False:
        raise Refusal(400, TYPE + ': no features "values"')
    if found is None:
        raise Refusal(400, TYPE + ': its features "values" are not numbers')
    values, keys, shape = found
    label = entry(record, LABEL) or None
    label = label[0][0] if label and label[0] else None
    if not keys and (values or not shape):
        return dict(enumerate(values)), len(values), label
    if len(keys) != len(values):
        raise Refusal(400, TYPE + ": %d keys for %d values" % (len(keys), len(values)))
    columns = width_of(shape) if shape else None
    most = MOST_COLUMNS if columns is None else columns
    if keys and max(keys) >= most:
        raise Refusal(400, TYPE + ": key %d of %d columns" % (max(keys), most))
    return dict(zip(keys, values)), columns, label


def decode(body):
    """Rows of {column: value}; how many columns, or None if no record says so; and the
    labels, or None if one lacks it."""
    rows, columns, labels = [], None, []
    for at, record in frames(body):
        try:
            row, width, label = read(record)
        except Refusal as e:
            raise Refusal(e.status, e.text, at) from None
        except (ValueError, IndexError, struct.error):
            raise Refusal(400, TYPE + ": not a whole protobuf message", at) from None
        if None not in (columns, width) and width != columns:
            raise Refusal(400, TYPE + ": %d columns; the record before it has %d"
                          % (width, columns), at)
        columns = width if columns is None else columns
        rows.append(row)
        labels.append(label)
    return rows, columns, None if None in labels else labels
