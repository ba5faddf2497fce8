"""What each of SageMaker's framework images does if a script has no model_fn,
input_fn, predict_fn or output_fn."""

import ast
import csv
import io
import json
import os
import sys

import bt_codecs as codecs
import bt_recordio as recordio
from bt_codecs import Refusal, media_type

LIBSVM = ("text/libsvm", "text/x-libsvm")


def check_callable(model, lacks=""):
    if not callable(model):
        raise Refusal(500, "no predict_fn, and model_fn returned %s, which %scannot be called"
                      % (codecs.kind(model), lacks))


class Defaults:
    """Any framework: arrays of numpy as the inference toolkit makes them."""

    dtype = None
    model_fn = None

    def input_fn(self, body, content_type):
        return codecs.input_fn(body, content_type, self.dtype)

    def predict_fn(self, data, model):
        if is_booster(model):
            return Xgboost().predict_fn(data, model)
        method = getattr(model, "predict", None)
        return (method if callable(method) else model)(data)

    def output_fn(self, prediction, accept):
        return codecs.output_fn(prediction, accept)

    def check(self, model):
        """Refuses a model that predict_fn cannot run."""
        if not callable(getattr(model, "predict", None)):
            check_callable(model, "has no predict() and ")


class Sklearn(Defaults):
    dtype = "float32"


def is_array(data):
    return type(data).__module__ == "numpy"


def is_booster(model):
    return type(model).__module__.startswith("xgboost") and hasattr(model, "save_raw")


def delimiter_of(text):
    """As the container's, which guesses it if a line has no comma."""
    first = text.partition("\n")[0]
    return next((d for d in "\t;| " if d in first.strip() and "," not in first), ",")


def libsvm_row(line, first, at):
    row = {}
    for field in line.partition("#")[0].split():
        index, colon, value = field.partition(":")
        if not colon or index == "qid":
            continue
        try:
            row[int(index)] = float(value)
        except ValueError:
            raise Refusal(400, "text/libsvm: %s is not INDEX:VALUE"
                          % codecs.quoted(field), at) from None
    if row and min(row) < first:
        raise Refusal(400, "text/libsvm: index %d is less than %d" % (min(row), first), at)
    return row


def sparse_matrix(rows, first, columns, content_type):
    """Rows of {column: value}, whose columns are numbered from first."""
    sparse = codecs.need("scipy.sparse", 415, "read %s without an input_fn" % content_type)
    ends = [0]
    for row in rows:
        ends.append(ends[-1] + len(row))
    return sparse.csr_matrix(([v for row in rows for v in row.values()],
                              [i - first for row in rows for i in row], ends),
                             shape=(len(rows), columns), dtype="float32")


def libsvm_matrix(body):
    """A column that a record does not name is missing.  As in the container, the first
    column is 1 if no record has a 0."""
    base = os.environ.get("BT_LIBSVM_BASE")
    first = int(base) if base else 0
    rows, at = [], 0
    for line in codecs.text_of(body).split("\n"):
        if line.strip():
            rows.append(libsvm_row(line, first, at))
        at += len(line.encode("utf-8")) + 1
    indexes = [i for row in rows for i in row]
    first = first if base else min(indexes + [1])
    return sparse_matrix(rows, first, max(indexes + [first]) - first + 1, LIBSVM[0])


class Xgboost(Sklearn):
    """A DMatrix, of arrays with as many columns as the model; but arrays for a model of
    the scikit-learn interface."""

    matrix = True
    sparse = False
    labels = None

    def data_of(self, body, content_type):
        media = media_type(content_type)
        self.sparse, self.labels = media in LIBSVM, None
        if media == recordio.TYPE:
            return self.recordio_matrix(body)
        if self.sparse:
            return libsvm_matrix(body)
        if media == codecs.CSV:
            text = codecs.text_of(body)
            return codecs.decode_csv(text, self.dtype, delimiter_of(text))
        return codecs.input_fn(body, content_type, self.dtype, LIBSVM + (recordio.TYPE,))

    def recordio_matrix(self, body):
        rows, columns, self.labels = recordio.decode(body)
        self.sparse = columns is None
        least = max([i + 1 for row in rows for i in row], default=0)
        return sparse_matrix(rows, 0, max(least, columns or 0), recordio.TYPE)

    def input_fn(self, body, content_type):
        data = self.data_of(body, content_type)
        if not self.matrix or isinstance(data, (dict, list)):
            return data
        xgboost = codecs.need("xgboost", 415, "read %s without an input_fn" % content_type)
        return xgboost.DMatrix(data, label=self.labels)

    def predict_fn(self, data, model):
        if not is_booster(model):
            return Defaults.predict_fn(self, data, model)
        xgboost = sys.modules["xgboost"]
        if isinstance(data, (dict, list)):
            raise Refusal(400, "objects or text; the model expects arrays of numbers")
        if not isinstance(data, xgboost.DMatrix):
            data = xgboost.DMatrix(data)
        if not self.sparse and hasattr(model, "num_features"):
            if data.num_col() != model.num_features():
                raise Refusal(400, "%d column%s; the model has %d" % (
                    data.num_col(), "" if data.num_col() == 1 else "s", model.num_features()))
        return model.predict(data, validate_features=False)

    def check(self, model):
        Defaults.check(self, model)
        self.matrix = is_booster(model)


class Pytorch(Sklearn):
    """A tensor of floats, on the first GPU if there is one."""

    def device(self):
        self.torch = codecs.need("torch", 500, "run the defaults of PyTorch")
        return self.torch.device("cuda" if self.torch.cuda.is_available() else "cpu")

    def model_fn(self, model_dir):
        device = self.device()
        path = os.path.join(model_dir, "model.pt")
        if not os.path.exists(path):
            names = sorted(n for n in os.listdir(model_dir) if n.endswith((".pt", ".pth")))
            if len(names) != 1:
                raise Refusal(500, "no model_fn; the default loads model.pt, or the only file of "
                              "*.pt and *.pth: found %s" % (", ".join(names) or "none"))
            path = os.path.join(model_dir, names[0])
        return self.torch.jit.load(path, map_location=device).to(device)

    def input_fn(self, body, content_type):
        device = self.device()
        data = codecs.input_fn(body, content_type, self.dtype)
        return self.torch.from_numpy(data).to(device) if is_array(data) else data

    def predict_fn(self, data, model):
        device = self.device()
        if hasattr(model, "to"):
            model = model.to(device)
        if hasattr(model, "eval"):
            model.eval()
        with self.torch.no_grad():
            return model(data.to(device) if hasattr(data, "to") else data)

    def check(self, model):
        check_callable(model)


class Mxnet(Sklearn):
    """Blocks of Gluon.  A Module reads batches of the size that it was bound to: for
    those, and their files, a script has functions of its own."""

    def model_fn(self, model_dir):
        raise Refusal(500, "no model_fn; files of a Module are not loaded by default")

    def input_fn(self, body, content_type):
        mxnet = codecs.need("mxnet", 415, "read %s without an input_fn" % content_type)
        data = codecs.input_fn(body, content_type, self.dtype)
        return mxnet.nd.array(data) if is_array(data) else data

    def predict_fn(self, data, model):
        return model(data)

    def check(self, model):
        check_callable(model)


class Requests(list):
    """Inputs of which predict_fn and output_fn get one at a time, as one request holds
    one.  places are their first bytes in the payload."""

    def __init__(self, body):
        records, self.places = codecs.json_lines(body)
        list.__init__(self, records)


def gathered(requests, accept, run):
    """The replies of run(input, accept) as one, and its content type.  No image
    writes JSON Lines; they are a JSON document for each line."""
    asked = media_type(accept.split(",")[0])
    each_accept = codecs.JSON if asked == codecs.JSONLINES else accept
    replies = []
    for data, at in zip(requests, requests.places):
        try:
            replies.append(run(data, each_accept))
        except Exception as e:
            e.at = e.bt_at = at
            raise
    kinds = {media_type(kind or each_accept.split(",")[0]) for _, kind in replies}
    lines = [reply.strip(b"\r\n") for reply, _ in replies]
    if kinds == {codecs.JSON}:
        lines = [line.replace(b"\n", b" ") for line in lines]
        if asked == codecs.JSON:
            return b"[" + b", ".join(lines) + b"]", codecs.JSON
        kinds = {codecs.JSONLINES}
    if len(kinds) == 1 and kinds <= {codecs.CSV, codecs.JSONLINES, "text/plain"}:
        return b"\n".join(lines) + b"\n", kinds.pop()
    raise Refusal(406, "replies of %s to the records of a batch cannot be put together "
                  "(bt-split --batch-strategy SingleRecord)" % ", ".join(sorted(kinds)))


NAMES = ("inputs", "question", "context")
TASKS = (
    ("TapasForQuestionAnswering", "table-question-answering"),
    ("ForQuestionAnswering", "question-answering"),
    ("ForTokenClassification", "token-classification"),
    ("ForSequenceClassification", "text-classification"),
    ("ForMaskedLM", "fill-mask"),
    ("ForCausalLM", "text-generation"),
    ("LMHeadModel", "text-generation"),
    ("ForConditionalGeneration", "text2text-generation"),
)
NO_TOKENIZER = ("automatic-speech-recognition", "image-segmentation", "image-classification",
                "audio-classification", "object-detection", "zero-shot-image-classification")


def named_rows(body):
    """CSV with a header row, as the toolkit has it in each request."""
    rows = list(csv.reader(io.StringIO(codecs.text_of(body), newline="")))
    names = rows[0] if rows else []
    if not set(names) & set(NAMES):
        raise Refusal(400, "text/csv: the first row has none of the names %s, which a payload for "
                      "Hugging Face begins with (bt-split --header=send); JSON Lines need none"
                      % ", ".join(NAMES))
    rows = [dict(zip(names, row)) for row in rows[1:] if row]
    return {"inputs": [row.get("inputs") for row in rows] if "inputs" in names else rows}


def image_of(body):
    image = codecs.need("PIL.Image", 415, "read an image without an input_fn")
    try:
        return {"inputs": image.open(io.BytesIO(body)).convert("RGB")}
    except OSError as e:
        raise Refusal(400, "not an image: %s" % e) from None


def sound_of(body):
    return {"inputs": bytes(body)}


class Huggingface(Defaults):
    """JSON as it is.  Lines of JSON are a request each."""

    def model_fn(self, model_dir):
        transformers = codecs.need("transformers", 500, "load a model without a model_fn")
        task = os.environ.get("HF_TASK") or task_of(model_dir)
        options = {"feature_extractor" if task in NO_TOKENIZER else "tokenizer": model_dir}
        torch = sys.modules.get("torch")
        device = 0 if torch is not None and torch.cuda.is_available() else -1
        return transformers.pipeline(task=task, model=model_dir, device=device, **options)

    def input_fn(self, body, content_type):
        media = media_type(content_type)
        if media == codecs.JSONLINES:
            return Requests(body)
        if media == codecs.JSON:
            return one_or_more(codecs.text_of(body))
        if media == codecs.CSV:
            return named_rows(body)
        if media.startswith("image/"):
            return image_of(body)
        if media.startswith("audio/"):
            return sound_of(body)
        return codecs.input_fn(body, content_type, None, ("image/*", "audio/*"))

    def predict_fn(self, data, model):
        if not isinstance(data, dict):
            return model(data)
        data = dict(data)
        inputs = data.pop("inputs", data)
        return model(inputs, **(data.pop("parameters", None) or {}))

    def check(self, model):
        check_callable(model)


def one_or_more(text):
    """The document, or a request for each line if every line is a document."""
    try:
        return json.loads(text)
    except ValueError as e:
        if "Extra data" not in str(e):
            return codecs.load_json(text)
    return Requests(text)


def task_of(model_dir):
    names = []
    try:
        with io.open(os.path.join(model_dir, "config.json"), encoding="utf-8") as f:
            names = json.load(f).get("architectures") or []
    except OSError:
        pass
    for name in names[:1]:
        for end, task in TASKS:
            if name.endswith(end):
                return task
    raise Refusal(500, "no model_fn, and HF_TASK, the task of the pipeline to load, is not set "
                  "(-E HF_TASK=text-classification)")


FAMILIES = {
    "sklearn": Sklearn, "xgboost": Xgboost, "pytorch": Pytorch, "mxnet": Mxnet,
    "huggingface": Huggingface, "tensorflow": Defaults,
}
# The first of these that the script imports.
PACKAGES = (
    ("huggingface", ("transformers", "diffusers", "sentence_transformers",
                     "sagemaker_huggingface_inference_toolkit")),
    ("mxnet", ("mxnet", "sagemaker_mxnet_serving_container")),
    ("tensorflow", ("tensorflow", "keras")),
    ("pytorch", ("torch", "torchvision", "sagemaker_pytorch_serving_container")),
    ("xgboost", ("xgboost", "sagemaker_xgboost_container")),
    ("sklearn", ("sklearn", "sagemaker_sklearn_container")),
)


def imported_by(script):
    """The packages that the text of the script imports, in functions too."""
    names = set()
    if getattr(script, "__file__", None) is None:
        return names
    with io.open(script.__file__, "rb") as f:
        tree = ast.parse(f.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def detected(script):
    """By what the script imports; else by what its modules have imported."""
    for names in (imported_by(script), sys.modules):
        for family, packages in PACKAGES:
            if any(p in names for p in packages):
                return FAMILIES[family]
    return Defaults


def defaults(framework, script):
    """The functions for a script that lacks them; framework may be None."""
    if not framework:
        return detected(script)()
    if framework not in FAMILIES:
        raise Refusal(500, "BT_FRAMEWORK=%s: expected one of %s"
                      % (framework, ", ".join(sorted(FAMILIES))))
    return FAMILIES[framework]()
