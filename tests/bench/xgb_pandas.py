#!/usr/bin/env python3
"""xgb_pandas.py MODEL CSV [joined] - what a data scientist writes: the CSV in
chunks by pandas, XGBoost, and the predictions, or the rows with them."""
import sys

import pandas
import xgboost

booster = xgboost.Booster({"nthread": 1})
booster.load_model(sys.argv[1])
joined = len(sys.argv) > 3
for chunk in pandas.read_csv(sys.argv[2], header=None, chunksize=23000,
                             dtype="float32"):
    scores = booster.inplace_predict(chunk.to_numpy())
    if joined:
        chunk["score"] = scores
    else:
        chunk = pandas.DataFrame(scores)
    chunk.to_csv(sys.stdout, header=False, index=False)
