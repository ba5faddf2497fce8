"""A model server as people write them for SageMaker: Flask, behind gunicorn."""
import json

import flask

app = flask.Flask(__name__)


@app.get("/ping")
def ping():
    return "\n"


@app.get("/execution-parameters")
def execution_parameters():
    return flask.jsonify(
        MaxConcurrentTransforms=4, BatchStrategy="MULTI_RECORD", MaxPayloadInMB=6
    )


def score(row):
    return sum(float(cell) for cell in row)


@app.post("/invocations")
def invocations():
    if flask.request.content_length > 60:
        flask.abort(413)
    body = flask.request.get_data().decode()
    if flask.request.mimetype != "text/csv":
        return "This predictor only supports CSV data\n", 415
    accept = flask.request.headers.get("Accept")
    rows = [line.split(",") for line in body.splitlines()]
    try:
        scores = [score(row) for row in rows]
    except ValueError as e:
        return "Unable to evaluate payload provided: %s\n" % e, 400
    if accept == "application/json":
        predictions = [{"score": s} for s in scores]
        return flask.jsonify(predictions=predictions)
    if accept not in ("text/csv", "*/*"):
        return json.dumps({"error": "unsupported", "accept": accept}), 406
    if -1 in scores:
        raise RuntimeError("the model cannot do that")
    out = "".join("%g\n" % s for s in scores)
    return flask.Response(out, mimetype="text/csv")
