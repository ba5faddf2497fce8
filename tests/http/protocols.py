"""Model servers that speak the protocols of bt-http(7), as they are published:
TensorFlow Serving's REST, KServe's v1, the Open Inference Protocol, Vertex AI's
containers, MLflow's scoring server, TorchServe and Azure ML's server.

Listens on port $PORT of 127.0.0.1; if that is 0, on a free one, which the file
"port" then names.  The model adds up the numbers of a record, and the letters of
its texts.  Headers of a request say what to do: X-Log names a file that gets a
line for each (method, path, Content-Type, Accept, body), X-Reply is a reply in
place of the model's, X-Status a status with that body, X-State what a health
route tells the first time, X-Metadata what the model "m" is of the Open
Inference Protocol.
"""
import csv
import json
import os
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

METADATA = (
    '{"name":"m","versions":["1"],"platform":"none","inputs":'
    '[{"name":"x","datatype":"FP32","shape":[-1,3]}],"outputs":[]}'
)


told = set()


class Bad(Exception):
    def __init__(self, status, body, kind="application/json"):
        super().__init__(body)
        self.status = status
        self.body = body
        self.kind = kind


def total(value):
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return sum(total(v) for v in value)
    return value or 0


def no_constant(word):
    raise ValueError("no number: " + word)


def parse(body, error):
    try:
        return json.loads(body, parse_constant=no_constant)
    except ValueError as e:
        raise Bad(400, json.dumps(error("JSON Parse error: %s" % e))) from e


def instances(body):
    """TensorFlow Serving, KServe v1, Vertex AI: pretty, as the first is."""
    document = parse(body, lambda text: {"error": text})
    if list(document) != ["instances"]:
        raise Bad(400, '{ "error": "Missing \'inputs\' or \'instances\' key" }')
    rows = [total(row) for row in document["instances"]]
    return '{\n    "predictions": [%s\n    ]\n}' % ", ".join(map(str, rows))


def flat(data):
    if isinstance(data, list):
        return [leaf for item in data for leaf in flat(item)]
    return [data]


def infer(body):
    sums = []
    for tensor in parse(body, lambda text: {"error": text})["inputs"]:
        data, size = flat(tensor["data"]), 1
        for n in tensor["shape"]:
            size *= n
        if size != len(data):
            raise Bad(400, '{"error":"unexpected shape"}')
        rows = tensor["shape"][0]
        step = size // rows
        sums = sums or [0] * rows
        for i in range(rows):
            sums[i] += total(data[i * step : (i + 1) * step])
    output = {"name": "sum", "shape": [len(sums), 1], "datatype": "FP64"}
    output["data"] = sums
    return json.dumps({"model_name": "m", "outputs": [output]})


def mlflow(body, kind):
    def error(text):
        return {"error_code": "BAD_REQUEST", "message": text, "stack_trace": "no"}

    if kind == "text/csv":
        rows = list(csv.DictReader(body.splitlines()))
        rows = [[float(v) for v in row.values()] for row in rows]
        return json.dumps({"predictions": [total(row) for row in rows]})
    if kind != "application/json":
        raise Bad(415, "This predictor only supports CSV and JSON", "text/plain")
    document = parse(body, error)
    known = ("dataframe_split", "dataframe_records", "instances", "inputs")
    if len(document) != 1 or list(document)[0] not in known:
        raise Bad(400, json.dumps(error("Invalid input")))
    ((name, rows),) = document.items()
    if name == "dataframe_split":
        if any(len(row) != len(rows["columns"]) for row in rows["data"]):
            raise Bad(400, json.dumps(error("columns passed, passed data had")))
        rows = rows["data"]
    return json.dumps({"predictions": [{"sum": total(row)} for row in rows]})


def torchserve(body, kind):
    if kind == "application/json":
        return json.dumps({"sum": total(json.loads(body))}, indent=2)
    return str(sum(float(v) for v in body.splitlines()[-1].split(",")))


def azure(body):
    rows = [[float(v) for v in line.split(",")] for line in body.splitlines()]
    return json.dumps(json.dumps([total(row) for row in rows]))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, body):
        kind, accept = self.headers["Content-Type"], self.headers["Accept"]
        words = [self.command, self.path, str(kind), str(accept)]
        body = body.replace("\r", "\\r").replace("\n", "\\n")
        with open(self.headers.get("X-Log", os.devnull), "a") as log:
            log.write(" ".join(words + [body]) + "\n")

    def answer(self, status, body, kind="application/json"):
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.say("")
        health = os.environ.get("AIP_HEALTH_ROUTE")
        ready = ("/v2/health/ready", "/ping", "/healthy", health)
        state = self.headers["X-State"]
        if state is not None and state not in told:
            told.add(state)
            self.answer(200, state)
        elif self.path == "/v1/models/m":
            version = {"version": "1", "state": "AVAILABLE"}
            self.answer(200, json.dumps({"model_version_status": [version]}))
        elif self.path == "/v2/models/m":
            self.answer(200, self.headers.get("X-Metadata", METADATA))
        elif self.path == "/":
            self.answer(200, "Healthy", "text/plain")
        elif self.path in ready:
            self.answer(200, "")
        else:
            self.answer(404, '{ "error": "Servable not found" }')

    def predict(self, body):
        kind = self.headers["Content-Type"]
        if re.fullmatch(r"/v1/models/m(/versions/\d+)?:predict", self.path):
            return instances(body), "application/json"
        if self.path == os.environ.get("AIP_PREDICT_ROUTE"):
            return instances(body), "application/json"
        if self.path == "/v2/models/m/infer":
            return infer(body), "application/json"
        if self.path == "/invocations":
            return mlflow(body, kind), "application/json"
        if self.path == "/predictions/m":
            return torchserve(body, kind), "text/plain"
        if self.path == "/score":
            return azure(body), "application/json"
        raise Bad(404, '{"code":404,"type":"NotFound","message":"no such path"}')

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size).decode()
        self.say(body)
        try:
            if "X-Status" in self.headers:
                status, _, text = self.headers["X-Status"].partition(" ")
                raise Bad(int(status), text)
            reply, kind = self.predict(body)
            self.answer(200, self.headers.get("X-Reply", reply), kind)
        except Bad as e:
            self.answer(e.status, e.body, e.kind)


def main():
    port = int(os.environ["PORT"])
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    if port == 0:
        with open("port.new", "w") as f:
            print(server.server_port, file=f)
        os.rename("port.new", "port")
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
