"""Folders of MLflow, which have a file MLmodel and no script."""

import importlib
import os
import pickle
import re
import sys

from bt_codecs import Refusal


def member(text, name):
    """Of a flavor in the file's YAML."""
    found = re.search(r"^    %s: *['\"]?([^'\"\n]*?)['\"]? *$" % name, text, re.M)
    return found.group(1) if found else ""


class Frames:
    """A model whose columns have names gets a frame."""

    def __init__(self, model):
        self.model = model
        schema = model.metadata.get_input_schema()
        self.names = schema.input_names() if schema and schema.has_input_names() else None

    def predict(self, data):
        if self.names and getattr(data, "ndim", 0) == 2:
            pandas = importlib.import_module("pandas")
            data = pandas.DataFrame(data, columns=self.names)
        return self.model.predict(data)


def model_fn(model_dir):
    with open(os.path.join(model_dir, "MLmodel"), encoding="utf-8") as file:
        text = file.read()
    loader = member(text, "loader_module") or "no python_function"
    try:
        return Frames(importlib.import_module("mlflow.pyfunc").load_model(model_dir))
    except ModuleNotFoundError as e:
        if (e.name or "").partition(".")[0] != "mlflow":
            raise
    pickled = member(text, "pickled_model")
    if loader != "mlflow.sklearn" or not pickled.endswith(".pkl"):
        raise Refusal(500, "MLmodel: a model of %s needs the package mlflow, which %s does not "
                      "have; set BT_PYTHON to one that does" % (loader, sys.executable))
    with open(os.path.join(model_dir, pickled), "rb") as file:
        return pickle.load(file)
