"""The functions that SageMaker's scikit-learn image and bt-predict -m python call."""

import csv
import io
import json
import os

import joblib
import numpy as np


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def input_fn(body, content_type):
    if content_type == "text/csv":
        return np.loadtxt(io.StringIO(body), delimiter=",", ndmin=2)
    if content_type == "application/json":
        return np.array(json.loads(body)["instances"])
    raise ValueError("%s is not text/csv or application/json" % content_type)


def predict_fn(data, model):
    probabilities = model.predict_proba(data)
    return model.classes_[probabilities.argmax(axis=1)], probabilities.max(axis=1)


def output_fn(prediction, accept):
    rows = [(label, round(float(p), 4)) for label, p in zip(*prediction)]
    if accept == "application/json":
        return json.dumps({"predictions": [{"label": l, "probability": p} for l, p in rows]})
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue(), "text/csv"
