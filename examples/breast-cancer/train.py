#!/usr/bin/python3
"""Trains the model of this folder: boosted trees that recognise a malignant
tumour by the shapes of its cells.  Needs python3-xgboost.

    train.py [-o MODEL]    trains, prints the accuracy, writes the model
    train.py --predict     prints the prediction of Python for each record

A fifth of the records is held back from training to measure the accuracy.  With
the same version of XGBoost the same input gives the same model.
"""
import argparse
import csv
import pathlib
import random

import numpy as np
import xgboost as xgb

HERE = pathlib.Path(__file__).resolve().parent
MODEL = HERE / "models" / "diagnosis" / "xgboost-model"
SEED = 20240601
ROUNDS = 20
PARAMETERS = {"objective": "binary:logistic", "max_depth": 3, "eta": 0.3,
              "tree_method": "exact", "nthread": 1, "seed": SEED}


def records():
    with open(HERE / "tumours.csv", newline="") as f:
        rows = list(csv.reader(f))
    with open(HERE / "labels.csv", newline="") as f:
        labels = dict(csv.reader(f))
    x = np.array([row[1:] for row in rows], dtype=float)
    y = np.array([labels[row[0]] == "malignant" for row in rows], dtype=int)
    return x, y


def train(out):
    x, y = records()
    order = list(range(len(y)))
    random.Random(SEED).shuffle(order)
    held, kept = order[:len(y) // 5], order[len(y) // 5:]
    model = xgb.train(PARAMETERS, xgb.DMatrix(x[kept], y[kept]), ROUNDS)
    right = (model.predict(xgb.DMatrix(x[held])) > 0.5) == y[held]
    print(f"{right.sum()} of {len(held)} records that it has not seen are right")
    json = out.with_suffix(".json")
    model.save_model(json)
    json.rename(out)


def predict():
    model = xgb.Booster(model_file=MODEL)
    for p in model.predict(xgb.DMatrix(records()[0])).tolist():
        print(p)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", metavar="MODEL", type=pathlib.Path, default=MODEL)
    parser.add_argument("--predict", action="store_true")
    args = parser.parse_args()
    if args.predict:
        predict()
    else:
        train(args.o)


main()
