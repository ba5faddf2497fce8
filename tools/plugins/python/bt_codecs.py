"""The defaults if a script has no input_fn or output_fn: the decoders and
encoders of the inference toolkit, and JSON Lines."""

import csv
import importlib
import io
import json
import os
import sys

JSON = "application/json"
JSONLINES = "application/jsonlines"
CSV = "text/csv"
NPY = "application/x-npy"
NPZ = "application/x-npz"
STRICT = os.environ.get("BT_STRICT") == "1"


class Refusal(Exception):
    """The failure of a batch: a status, a text, and the payload's byte at fault,
    or -1."""

    def __init__(self, status, text, at=-1):
        Exception.__init__(self, text)
        self.status = status
        self.text = text
        self.at = at


def media_type(text):
    return text.partition(";")[0].strip().lower()


def need(module, status, what):
    try:
        return importlib.import_module(module)
    except ImportError:
        raise Refusal(status, "%s is required to %s, but %s does not have it"
                      % (module.partition(".")[0], what, sys.executable)) from None


def text_of(body):
    """body as text, which it already is if the type is exactly JSON or CSV."""
    if isinstance(body, str):
        return body
    try:
        return str(body, "utf-8")
    except UnicodeDecodeError as e:
        raise Refusal(400, "not UTF-8: byte 0x%02x" % e.object[e.start], e.start) from None


def decode_json(body):
    numpy = need("numpy", 415, "read application/json without an input_fn")
    try:
        return numpy.array(json.loads(text_of(body)))
    except ValueError as e:
        raise Refusal(400, "application/json: %s" % e) from None


def decode_csv(body):
    """A row for each record; with --strict as the toolkit, which drops a
    dimension if there is one record or one column."""
    numpy = need("numpy", 415, "read text/csv without an input_fn")
    text = text_of(body)
    try:
        array = numpy.genfromtxt(io.StringIO(text), delimiter=",")
        if array.ndim > 1 or array.size == 0 or STRICT:
            return array
        # numpy.genfromtxt skips lines that are empty or a comment.
        return array.reshape(sum(1 for line in text.split("\n")
                                 if line.partition("#")[0].strip()), -1)
    except ValueError as e:
        raise Refusal(400, "text/csv: %s" % " ".join(str(e).split())) from None


def decode_npy(body):
    numpy = need("numpy", 415, "read application/x-npy without an input_fn")
    try:
        return numpy.load(io.BytesIO(body), allow_pickle=False)
    except ValueError as e:
        raise Refusal(400, "application/x-npy: %s" % e) from None


def decode_npz(body):
    sparse = need("scipy.sparse", 415, "read application/x-npz without an input_fn")
    return sparse.load_npz(io.BytesIO(body))


def decode_jsonlines(body):
    if isinstance(body, str):
        body = body.encode("utf-8")
    records, at = [], 0
    for line in body.split(b"\n"):
        if line.strip():
            try:
                records.append(json.loads(line.decode("utf-8")))
            except ValueError as e:
                raise Refusal(400, "not a JSON document in UTF-8: %s" % e, at) from None
        at += len(line) + 1
    return records


DECODERS = {
    JSON: decode_json,
    CSV: decode_csv,
    NPY: decode_npy,
    NPZ: decode_npz,
    JSONLINES: decode_jsonlines,
}


def input_fn(body, content_type):
    decode = DECODERS.get(media_type(content_type))
    if decode is None:
        raise Refusal(415, "%s: there is no input_fn, and the default reads only %s"
                      % (content_type, ", ".join(DECODERS)))
    return decode(body)


def plain(value):
    """For the types that json does not know: arrays and numbers of numpy."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError("%s is not a value of JSON" % type(value).__name__)


def encode_json(prediction):
    return json.dumps(prediction, default=plain)


def encode_jsonlines(prediction):
    if hasattr(prediction, "tolist"):
        prediction = prediction.tolist()
    if not isinstance(prediction, (list, tuple)):
        prediction = [prediction]
    return "".join([json.dumps(p, default=plain) + "\n" for p in prediction])


def common(kinds):
    """The type that values of several types have together, as in an array of
    numpy."""
    if kinds == {bool}:
        return bool
    if kinds <= {bool, int}:
        return int
    return float if kinds <= {bool, int, float} else str


def plain_rows(prediction):
    """The same for lists of Python's own types; None for anything else."""
    if not isinstance(prediction, (list, tuple)):
        return None
    rows = prediction
    if not any(isinstance(row, (list, tuple)) for row in rows):
        rows = [[v] for v in rows]
    if len({len(row) if isinstance(row, (list, tuple)) else -1 for row in rows}) > 1:
        return None
    kinds = {type(v) for row in rows for v in row}
    if not kinds <= {bool, int, float, str}:
        return None
    kind = common(kinds)
    return [[str(kind(v)) for v in row] for row in rows]


def csv_rows(prediction):
    """Rows of text, as numpy prints the elements."""
    rows = plain_rows(prediction)
    if rows is not None:
        return rows
    numpy = need("numpy", 406, "write %s as text/csv without an output_fn"
                 % type(prediction).__name__)
    array = numpy.asarray(prediction)
    if array.ndim not in (1, 2):
        raise ValueError("an array of %d dimensions cannot be CSV" % array.ndim)
    if array.ndim == 1:
        array = array.reshape(-1, 1)
    return [[str(v) for v in row] for row in array]


def encode_csv(prediction):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(csv_rows(prediction))
    return out.getvalue()


def encode_npy(prediction):
    numpy = need("numpy", 406, "write application/x-npy without an output_fn")
    out = io.BytesIO()
    numpy.save(out, prediction, allow_pickle=False)
    return out.getvalue()


ENCODERS = {
    JSON: encode_json,
    CSV: encode_csv,
    NPY: encode_npy,
    JSONLINES: encode_jsonlines,
}


def output_fn(prediction, accept):
    for wanted in accept.split(","):
        encode = ENCODERS.get(media_type(wanted))
        if encode is not None:
            return encode(prediction), wanted.strip()
    raise Refusal(406, "%s: there is no output_fn, and the default writes only %s"
                  % (accept, ", ".join(ENCODERS)))
