#!/usr/bin/env python3
"""Turns a model of SageMaker's Linear Learner into a model.json for the plugin
linear, bt-linear(7).  It needs only Python's standard library.

    convert.py MODEL.TAR.GZ >model.json

The archive of the training job holds model_algo-1, a zip file with the weights,
as MXNet saves them, and the threshold.  model_algo-1 itself will do, too.
"""
import io
import json
import struct
import sys
import tarfile
import zipfile

LIST_MAGIC = 0x112
# Of an array, by version: whether the kind of its storage comes next.
ARRAY_MAGICS = {0xf993fac8: False, 0xf993fac9: True, 0xf993faca: True}
NUMBERS = {0: ("f", 4), 1: ("d", 8)}


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        if n > len(self.data) - self.at:
            sys.exit("damaged weights: cut short at byte %d" % self.at)
        self.at += n
        return self.data[self.at - n:self.at]

    def numbers(self, kind):
        return struct.unpack("<" + kind, self.take(struct.calcsize("<" + kind)))

    def array(self):
        """The shape and the numbers of an array."""
        at = self.at
        (magic,) = self.numbers("I")
        if magic not in ARRAY_MAGICS:
            sys.exit("damaged weights: no array at byte %d" % at)
        if ARRAY_MAGICS[magic] and self.numbers("i") != (0,):
            sys.exit("the weights are a sparse array (byte %d)" % at)
        (dimensions,) = self.numbers("I")
        if dimensions > 8:
            sys.exit("damaged weights: %d dimensions at byte %d" % (dimensions, at))
        shape = self.numbers("%dq" % dimensions)
        device, number, kind = self.numbers("3i")
        if kind not in NUMBERS:
            sys.exit("the weights at byte %d are not floats" % at)
        count = 1
        for n in shape:
            count *= n
        letter, size = NUMBERS[kind]
        if count < 0:
            sys.exit("damaged weights: a length below 0 at byte %d" % at)
        return shape, struct.unpack("<%d%s" % (count, letter), self.take(count * size))

    def arrays(self):
        """A list of named arrays, as mxnet.nd.save writes it."""
        magic, reserved, count = self.numbers("3Q")
        if magic != LIST_MAGIC:
            sys.exit("the weights are not MXNet's: no 0x112 at byte 0")
        values = [self.array() for _ in range(count)]
        (count,) = self.numbers("Q")
        names = [self.take(*self.numbers("Q")).decode() for _ in range(count)]
        return dict(zip(names, values))


def open_artifact(path):
    """The zip file: in the archive, or the file itself."""
    if not tarfile.is_tarfile(path):
        return zipfile.ZipFile(path)
    with tarfile.open(path) as tar:
        for member in tar:
            if member.isfile() and member.name.rpartition("/")[2].startswith("model_algo-"):
                return zipfile.ZipFile(io.BytesIO(tar.extractfile(member).read()))
    sys.exit("%s: no model_algo-1 in it" % path)


def convert(artifact):
    params = json.loads(artifact.read("additional-params.json"))
    arrays = Reader(artifact.read("mx-mod-0000.params")).arrays()
    (columns, rows), weights = arrays["arg:fc0_weight"]
    kind, loss = params["predictor_type"], params["loss_type"]
    model = {"format": "bt-linear", "version": 1, "kind": "logistic"}
    if kind == "regressor":
        model.update(kind="linear", output=["score"])
    elif (kind, loss) in (("binary_classifier", "logistic"),
                          ("multiclass_classifier", "softmax_loss")):
        model["output"] = ["score", "predicted_label"]
    else:
        sys.exit("no model.json can say a %s of %s" % (kind, loss))
    if kind == "binary_classifier":
        model["threshold"] = params["threshold"]
    if "arg:fc0_bias" in arrays:
        model["intercept"] = arrays["arg:fc0_bias"][1]
    # A column's weights stand together.
    model["weights"] = [weights[row::rows] for row in range(rows)]
    return model


if len(sys.argv) != 2:
    sys.exit("usage: convert.py MODEL.TAR.GZ >model.json")
try:
    json.dump(convert(open_artifact(sys.argv[1])), sys.stdout)
except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as e:
    sys.exit("%s: no model of Linear Learner: %s" % (sys.argv[1], e))
print()
