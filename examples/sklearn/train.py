"""Trains a scikit-learn pipeline on half of its wine data.  Writes the model,
model/model.joblib, and the other half of the data, wines.csv, with the cultivar
and 13 measurements, into the folder of this file.

    python3 train.py
    bt-split wines.csv |
        bt-predict -m python -d model --input-filter '$[1:]' -o parts |
        bt-join --join-source Input --output-filter '$[0,-2,-1]'
"""

import csv
import os

import joblib
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

here = os.path.dirname(os.path.abspath(__file__))
wine = load_wine()
names = wine.target_names[wine.target]
train_x, test_x, train_y, test_y = train_test_split(
    wine.data, names, test_size=0.5, random_state=1, stratify=names)

pipeline = make_pipeline(StandardScaler(), LogisticRegression())
pipeline.fit(train_x, train_y)
joblib.dump(pipeline, os.path.join(here, "model", "model.joblib"))

with open(os.path.join(here, "wines.csv"), "w", newline="") as f:
    out = csv.writer(f, lineterminator="\n")
    out.writerows([name, *row] for name, row in zip(test_y, test_x.tolist()))
