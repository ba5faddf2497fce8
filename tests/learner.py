"""Writes a model as SageMaker's Linear Learner stores it.

    learner.py KIND LOSS THRESHOLD BIAS WEIGHTS >model.tar.gz

BIAS has a number for each class, WEIGHTS a row for each column: 1,2/3,4."""
import io
import json
import struct
import sys
import tarfile
import zipfile


def array(rows):
    numbers = [v for row in rows for v in row]
    return struct.pack("<IiI2q3i%df" % len(numbers), 0xf993fac9, 0, 2,
                       len(rows), len(rows[0]), 1, 0, 0, *numbers)


def table(text):
    return [[float(v) for v in row.split(",")] for row in text.split("/")]


kind, loss, threshold, bias, weights = sys.argv[1:]
arrays = [(b"arg:fc0_weight", table(weights))]
if bias:
    arrays.insert(0, (b"arg:fc0_bias", table(bias)))
params = struct.pack("<3Q", 0x112, 0, len(arrays))
params += b"".join(array(rows) for _, rows in arrays)
params += struct.pack("<Q", len(arrays))
params += b"".join(struct.pack("<Q", len(name)) + name for name, _ in arrays)

algo = io.BytesIO()
with zipfile.ZipFile(algo, "w") as z:
    z.writestr("additional-params.json", json.dumps(
        {"threshold": float(threshold), "loss_type": loss, "predictor_type": kind}))
    z.writestr("mx-mod-0000.params", params)
with tarfile.open(fileobj=sys.stdout.buffer, mode="w:gz") as tar:
    member = tarfile.TarInfo("model_algo-1")
    member.size = algo.tell()
    algo.seek(0)
    tar.addfile(member, algo)
