"""Each constraint of the API's own model, kept and broken: what bt-job says.

api.py: 77 where there is no model to compare with."""
import copy
import json
import re
import subprocess
import sys
import unicodedata

try:
    import botocore
    import botocore.session
except ImportError:
    sys.exit(77)
if botocore.__version__.split(".")[:2] != ["1", "43"]:
    sys.exit(77)

# What the text of the API says, and its model does not.
PROSE = {
    ("TransformInstanceCount", "max"): 100,
    ("MaxPayloadInMB", "max"): 100,
    ("ContainerDefinitionList", "min"): 1,
}
NOT_TAKEN = ("AugmentedManifestFile", "Converse")
FITTING = {
    "(https|s3)://([^/]+)/?(.*)": "s3://bucket/key",
    "[a-zA-Z0-9:/_-]*": "alias/key",
    "[\\S]+": "image:1",
    "arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+": "arn:aws:iam::123456789012:role/job",
}
TEXTS = [
    "", "a", "A1", "a-b", "-a", "a-", "a--b", "a_b", "_a", "1a", "a.b", "a b", "a\tb", "a\nb",
    "\u00e9", "\u0661", "\U0001f600", "a=b", "a@b", "a+b", "a,b", "a:b/c-d_e", "a:b/c-d_e$",
    "s3://", "s3://b", "s3://b/", "s3://b//k", "s3:///k", "S3://b/k", "https://h/k", "http://b/k",
    "file:///k", "k/l", "s3://b/a\nb", "s3://b\n/a", "text/csv; charset=utf-8",
    "arn:aws:kms:us-east-1:123456789012:key/1", "arn:aws:iam::123456789012:role/a",
    "arn:aws:iam::12345678901:role/abc", "arn:aws-cn:iam::123456789012:rolea+=,.@-_/b",
    "arn:aws:sagemaker:us-east-1:123456789012:model-package/pack/3", "pack/3", "pack-/3",
    "pack/1234567890", "p" * 63, "p" * 64, "a" * 62 + "-", "a" + "-" * 61 + "a",
    "arn:aws:sagemaker:us-east-1:123456789012:model-package/" + "p" * 63 + "/123456789",
]
OTHER_KINDS = {
    "structure": [1, "x", []],
    "map": ["x", []],
    "list": ["x", {}],
    "string": [1, {}, [], True],
    "integer": ["1", 1.0, 1.5, True, {}],
    "boolean": ["true", 1],
}

service = botocore.session.get_session().get_service_model("sagemaker")
job_shape = service.operation_model("CreateTransformJob").input_shape
model_shape = service.operation_model("CreateModel").input_shape
cases = wrong = 0


def limit(shape, name):
    return PROSE.get((shape.name, name), shape.metadata.get(name))


def good(shape):
    """A value that the shape takes, all of its members in it."""
    if shape.type_name == "structure":
        left_out = ("ModelDataSource", "Containers")
        return {k: good(v) for k, v in shape.members.items() if k not in left_out}
    if shape.type_name == "list":
        return [good(shape.member)]
    if shape.type_name == "map":
        return {"KEY": "value"}
    if shape.type_name == "integer":
        return max(1, limit(shape, "min"))
    if shape.type_name == "boolean":
        return False
    special = {"JoinSource": "None", "S3DataType": "S3Prefix", "JsonPath": "$"}
    if shape.name in special:
        return special[shape.name]
    if "enum" in shape.metadata:
        return shape.metadata["enum"][0]
    return FITTING.get(shape.metadata.get("pattern"), "name-1")


def matches(pattern, text):
    if "\\p{L}" in pattern:
        return all(c in "_.:/=+-@" or unicodedata.category(c)[0] in "LZN" for c in text)
    return re.fullmatch(pattern, text, re.ASCII) is not None


def fits(shape, text):
    most, pattern = limit(shape, "max"), shape.metadata.get("pattern")
    return (
        len(text) >= (limit(shape, "min") or 0)
        and (most is None or len(text) <= most)
        and (pattern is None or matches(pattern, text))
    )


def as_shown(path):
    return "".join("%%%02X" % ord(c) if c < " " else c for c in path)


class Request:
    """One of the two documents; the other stays as it is."""

    def __init__(self, documents, which):
        self.documents, self.which = documents, which

    def check(self, keys, value, at, taken):
        """With this value at keys: whether nothing is said of the member at."""
        global cases, wrong
        cases += 1
        documents = copy.deepcopy(self.documents)
        place = documents
        for k in [self.which] + keys[:-1]:
            place = place[k]
        place[keys[-1]] = value
        if keys == ["ModelName"]:
            documents["job"]["ModelName"] = documents["model"]["ModelName"] = value
        for name, document in documents.items():
            with open(name + ".json", "w", encoding="utf-8") as f:
                json.dump(document, f)
        done = subprocess.run(
            ["bt-job", "--check", "--strict", "--model", "model.json", "job.json"],
            capture_output=True,
            check=False,
        )
        lines = done.stderr.decode(errors="replace").splitlines()
        silent = not any(": " + as_shown(at) + ": " in line for line in lines)
        if silent != taken or done.returncode != (1 if lines else 0) or done.stdout:
            wrong += 1
            print(at, repr(value)[:200], "taken" if silent else "refused", lines)

    def walk(self, shape, keys, value):
        for v in OTHER_KINDS[shape.type_name]:
            self.check(keys, v, show(keys), False)
        getattr(self, shape.type_name)(shape, keys, value)

    def structure(self, shape, keys, value):
        for k in value:
            rest = {name: v for name, v in value.items() if name != k}
            self.check(keys, rest, show(keys + [k]), k not in shape.required_members)
            self.walk(shape.members[k], keys + [k], value[k])
        self.check(keys, dict(value, Bogus=1), show(keys + ["Bogus"]), False)

    def list(self, shape, keys, value):
        least, most = limit(shape, "min"), limit(shape, "max")
        for n in range(max(0, least - 1), most + 2):
            self.check(keys, value * n, show(keys), least <= n <= most)
        self.walk(shape.member, keys + [0], value[0])

    def map(self, shape, keys, _):
        most = limit(shape, "max")
        for n in (0, most, most + 1):
            self.check(keys, {f"K{i}": "" for i in range(n)}, show(keys), n <= most)
        for k in TEXTS + ["K" * 1024, "K" * 1025]:
            self.check(keys, {k: "v"}, show(keys + [k]), fits(shape.key, k))
        for n in (0, limit(shape.value, "max"), limit(shape.value, "max") + 1):
            self.check(keys, {"K": "\u00e9" * n}, show(keys + ["K"]), n <= limit(shape.value, "max"))
        self.check(keys, {"K": 1}, show(keys + ["K"]), False)

    def integer(self, shape, keys, _):
        least, most = limit(shape, "min"), limit(shape, "max")
        if most is None:
            # With a payload of 1, their product is at most 100.
            for v in (least, 100):
                self.check(keys, v, show(keys), True)
            most = 2**31 - 1
        else:
            for v in (least, most):
                self.check(keys, v, show(keys), True)
        for v in (least - 1, most + 1, 2**32 + 1, -(2**31), 2**63 - 1, -(2**63)):
            self.check(keys, v, show(keys), False)

    def boolean(self, _, keys, __):
        for v in (True, False):
            self.check(keys, v, show(keys), True)

    def string(self, shape, keys, _):
        values = shape.metadata.get("enum")
        if shape.name == "JsonPath":
            return
        if values is not None:
            for v in values:
                if v != "Input":
                    self.check(keys, v, show(keys), v not in NOT_TAKEN)
            for v in ("", "none", "Bogus", values[0] + " "):
                self.check(keys, v, show(keys), False)
            return
        texts = list(TEXTS)
        if limit(shape, "max"):
            for n in (limit(shape, "max"), limit(shape, "max") + 1):
                texts += ["a" * n, "\u00e9" * n, "s3://b/" + "k" * (n - 7)]
        for v in texts:
            self.check(keys, v, show(keys), fits(shape, v))


def show(keys):
    path = ""
    for k in keys:
        path += f"[{k}]" if isinstance(k, int) else ("." if path else "") + k
    return path


job, model = good(job_shape), good(model_shape)
documents = {"job": job, "model": model}
for which, shape in (("job", job_shape), ("model", model_shape)):
    request = Request(documents, which)
    for name, value in documents[which].items():
        if name == "PrimaryContainer":
            # Either this or Containers, either an image or a package.
            for k in value:
                request.walk(shape.members[name].members[k], [name, k], value[k])
            continue
        request.walk(shape.members[name], [name], value)
containers = model_shape.members["Containers"]
del model["PrimaryContainer"]
model["Containers"] = good(containers)
for n in (0, 1, 15, 16):
    Request(documents, "model").check(
        ["Containers"], model["Containers"] * n, "Containers", 1 <= n <= 15
    )
print(cases, "cases,", wrong, "not as the model has them")
sys.exit(wrong > 0)
