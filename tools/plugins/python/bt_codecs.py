"""What the defaults read and write: the types of the inference toolkit, and JSON
Lines; and the check of a prediction before it is written."""

import array
import csv
import importlib
import inspect
import io
import json
import math
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
    try:
        if type(body) is bytes:
            return body.decode()
        return body if isinstance(body, str) else str(body, "utf-8")
    except UnicodeDecodeError as e:
        raise Refusal(400, "not UTF-8: byte 0x%02x" % e.object[e.start], e.start) from None


def quoted(text):
    """text for a message: short, control characters in hexadecimal."""
    shown = "".join(["\\x%02x" % ord(c) if c < " " or c == "\x7f" else c for c in text[:40]])
    return '"%s"' % (shown + "..." if len(text) > 40 else shown)


def number(field):
    field = field.strip()
    if not field:
        return math.nan
    field.encode("ascii")
    if "_" in field:
        raise ValueError
    return float(field)


def numbers(row, fast):
    """The fields of a row of CSV; an empty one is NaN."""
    try:
        if fast:
            return list(map(float, row))
    except ValueError:
        pass
    values = []
    for column, field in enumerate(row, 1):
        try:
            values.append(number(field))
        except ValueError:
            raise ValueError("column %d: %s is not a number" % (column, quoted(field))) from None
    return values


def byte_of_line(text, line):
    at = 0
    for _ in range(line):
        at = text.index("\n", at) + 1
    return len(text[:at].encode("utf-8"))


def read_csv(text, delimiter=","):
    """The numbers of the rows, one after the other, and the number of columns.  Empty
    lines are no records."""
    values, width, line = array.array("d"), 0, 0
    # float() also reads 1_000, and the digits of any script.
    fast = "_" not in text and len(text) == len(text.encode("utf-8"))
    rows = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True)
    try:
        for row in rows:
            if row and len(row) != width:
                if width > 0:
                    raise ValueError("%d column%s, not %d as in the batch's first record"
                                     % (len(row), "" if len(row) == 1 else "s", width))
                width = len(row)
            values.extend(numbers(row, fast))
            line = rows.line_num
    except ValueError as e:
        raise Refusal(400, str(e), byte_of_line(text, line)) from None
    except csv.Error as e:
        raise Refusal(400, "text/csv: %s" % e, byte_of_line(text, line)) from None
    return values, width


def decode_csv(body, dtype=None, delimiter=","):
    """A row for each record; with --strict as the toolkit, which drops a
    dimension if there is one record or one column."""
    numpy = need("numpy", 415, "read text/csv without an input_fn")
    values, width = read_csv(text_of(body), delimiter)
    table = numpy.array(values, dtype=dtype).reshape(-1, width or 1)
    return table.squeeze() if STRICT else table


def two_dimensions(table):
    """A flat array of numbers is a row, but not with --strict."""
    if STRICT or table.ndim > 1 or table.size == 0 or table.dtype.kind not in "biufc":
        return table
    return table.reshape(1, -1)


def as_array(value, dtype, content_type):
    numpy = need("numpy", 415, "read %s without an input_fn" % content_type)
    try:
        table = numpy.array(value)
        return table if dtype is None else table.astype(dtype)
    except (ValueError, TypeError) as e:
        raise Refusal(400, "%s: %s" % (content_type, e)) from None


def load_json(text):
    try:
        return json.loads(text)
    except ValueError as e:
        at = len(text[:getattr(e, "pos", 0)].encode("utf-8"))
        if "Extra data" in str(e):
            raise Refusal(400, "%s: %s; several documents are %s, or a batch each (bt-split "
                          "--batch-strategy SingleRecord)" % (JSON, e, JSONLINES)) from None
        raise Refusal(400, "%s: %s" % (JSON, e), at) from None


def decode_json(body, dtype=None):
    """An array; but an object, or a list of objects, as it is."""
    value = load_json(text_of(body))
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        return value
    return two_dimensions(as_array(value, dtype, JSON))


def decode_npy(body, dtype=None):
    numpy = need("numpy", 415, "read application/x-npy without an input_fn")
    try:
        table = numpy.load(io.BytesIO(body), allow_pickle=False)
    except MemoryError:  # the batch is halved
        raise
    except Exception as e:  # of any kind, by version and by damage
        raise Refusal(400, "application/x-npy: %s" % e) from None
    if not isinstance(table, numpy.ndarray):
        raise Refusal(400, "application/x-npy: an archive of arrays, not an array")
    return two_dimensions(table)


def decode_npz(body, dtype=None):
    sparse = need("scipy.sparse", 415, "read application/x-npz without an input_fn")
    try:
        return sparse.load_npz(io.BytesIO(body))
    except MemoryError:
        raise
    except Exception as e:
        raise Refusal(400, "application/x-npz: %s" % e) from None


def json_lines(body):
    """The records, and the byte at which each begins."""
    if isinstance(body, str):
        body = body.encode("utf-8")
    records, places, at = [], [], 0
    for line in body.split(b"\n"):
        if line.strip():
            try:
                records.append(json.loads(line.decode("utf-8")))
            except ValueError as e:
                raise Refusal(400, "not a JSON document in UTF-8: %s" % e, at) from None
            places.append(at)
        at += len(line) + 1
    return records, places


def decode_jsonlines(body, dtype=None):
    """A list of the records; for a framework that takes numbers, an array if they
    are numbers or arrays."""
    records = json_lines(body)[0]
    if dtype is None or not all(isinstance(r, (list, int, float)) for r in records):
        return records
    table = as_array(records, dtype, JSONLINES)
    return table.reshape(-1, 1) if table.ndim == 1 else table


DECODERS = {
    JSON: decode_json,
    CSV: decode_csv,
    NPY: decode_npy,
    NPZ: decode_npz,
    JSONLINES: decode_jsonlines,
}


def input_fn(body, content_type, dtype=None, others=()):
    """others are the types that the caller reads."""
    decode = DECODERS.get(media_type(content_type))
    if decode is None:
        raise Refusal(415, "%s: there is no input_fn, and the default reads only %s"
                      % (content_type, ", ".join(list(DECODERS) + list(others))))
    return decode(body, dtype)


def kind(value):
    name = type(value).__name__
    return "None" if value is None else "%s %s" % ("an" if name[0] in "aeiouAEIOU" else "a", name)


class Rows(list):
    """What a tuple of columns becomes: a list with an element of each column in each
    row."""


def is_column(value):
    return (hasattr(value, "__len__") and getattr(value, "ndim", 1) > 0
            and not isinstance(value, (str, bytes, dict)))


def columns(value, where):
    """The rows of a tuple of columns, as of labels and their probabilities; a tuple of
    numbers, or of texts, is a list."""
    if not any(map(is_column, value)) and len({isinstance(v, str) for v in value}) < 2:
        return list(value)
    if all(map(is_column, value)):
        parts = [checked_prediction(v, where) for v in value]
        parts = [v.tolist() if hasattr(v, "tolist") else v for v in parts]
        if len({len(v) for v in parts}) == 1:
            return Rows(map(list, zip(*parts)))
    raise Refusal(500, "%s returned a tuple of %s; expected columns of one length, or a list "
                  "with a prediction for each record" % (where, ", ".join(map(kind, value))))


def checked_prediction(value, where="predict_fn"):
    """value as what the encoders write: arrays of numpy, lists, dictionaries, single
    values.  Refuses what holds no predictions; where names who returned it."""
    if inspect.isawaitable(value) or inspect.isasyncgen(value):
        getattr(value, "close", str)()
        raise Refusal(500, "%s returned %s; expected the prediction itself: def, not async def"
                      % (where, kind(value)))
    if hasattr(value, "__next__"):
        raise Refusal(500, "%s returned %s; expected a list: list(...) makes it one"
                      % (where, kind(value)))
    if value is None or isinstance(value, (set, frozenset, bytes, bytearray)):
        raise Refusal(500, "%s returned %s; expected a list or an array with a prediction for "
                      "each record" % (where, kind(value)))
    if hasattr(value, "detach"):  # torch
        return value.detach().cpu().numpy()
    if hasattr(value, "asnumpy"):  # mxnet
        return value.asnumpy()
    if hasattr(value, "tocsr"):  # scipy
        return value.toarray()
    if hasattr(value, "iterrows"):  # pandas
        named = all(isinstance(c, str) for c in value.columns) and value.columns.is_unique
        return value.to_dict("records") if named else value.values
    if hasattr(value, "to_numpy"):
        return value.to_numpy()
    return columns(value, where) if isinstance(value, tuple) else value


def plain(value):
    """For the types that json does not know: arrays and numbers of numpy."""
    if hasattr(value, "asnumpy"):
        value = value.asnumpy()
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError("%s is not a value of JSON" % type(value).__name__)


def finite(value):
    """value with None for NaN and the infinities, which JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {k: finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(v) for v in value]
    if value is None or isinstance(value, (str, int)):
        return value
    return finite(plain(value))


def encode_json(prediction, **options):
    if STRICT:
        return json.dumps(prediction, default=plain, **options)
    try:
        return json.dumps(prediction, default=plain, allow_nan=False, **options)
    except ValueError:
        return json.dumps(finite(prediction), allow_nan=False, **options)


def encode_jsonlines(prediction):
    if hasattr(prediction, "tolist"):
        prediction = prediction.tolist()
    if not isinstance(prediction, (list, tuple)):
        prediction = [prediction]
    return "".join([encode_json(p) + "\n" for p in prediction])


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


def no_csv(what):
    raise Refusal(406, "text/csv has no place for %s; expected rows of numbers or text "
                  "(bt-predict --accept %s takes any)" % (what, JSONLINES))


def own_rows(prediction):
    """Rows whose cells have types of their own: of a tuple of columns, and the values of
    objects, if all have the names of the first; None for anything else."""
    if isinstance(prediction, list) and prediction and isinstance(prediction[0], dict):
        names = list(prediction[0])
        if any(not isinstance(p, dict) or list(p) != names for p in prediction):
            no_csv("objects of different names")
        return [list(p.values()) for p in prediction]
    if not isinstance(prediction, Rows):
        return None
    return [[c for v in row for c in (v if isinstance(v, list) else [v])] for row in prediction]


def table_of(prediction):
    numpy = need("numpy", 406, "write %s as text/csv without an output_fn"
                 % type(prediction).__name__)
    try:
        table = numpy.asarray(prediction)
    except ValueError:
        no_csv("rows of different lengths")
    if table.ndim == 0 or table.ndim > 2:
        no_csv("an array of %d dimensions" % table.ndim)
    return table.reshape(-1, 1) if table.ndim == 1 else table


def cell(value):
    if isinstance(value, (dict, list, tuple)):
        no_csv("%s in a row" % kind(value))
    return str(value)


def csv_rows(prediction):
    """Rows of text, as numpy prints the elements."""
    if isinstance(prediction, (dict, str)):
        no_csv(kind(prediction))
    if not is_column(prediction):
        prediction = [prediction]
    rows = own_rows(prediction)
    if rows is None:
        rows = plain_rows(prediction)
        if rows is not None:
            return rows
        rows = table_of(prediction)
    write = str if getattr(rows, "dtype", object) != object else cell
    return [[write(v) for v in row] for row in rows]


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
    prediction = checked_prediction(prediction)
    for wanted in accept.split(","):
        encode = ENCODERS.get(media_type(wanted))
        if encode is not None:
            return encode(prediction), wanted.strip()
    raise Refusal(406, "%s: there is no output_fn, and the default writes only %s"
                  % (accept, ", ".join(ENCODERS)))
