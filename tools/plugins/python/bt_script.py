"""A script: where it is, its functions, its model, and what it replies."""

import importlib.util
import inspect
import os
import sys
import types

import bt_codecs
import bt_context
import bt_families
import bt_mlflow
import bt_packages
import bt_shapes
from bt_codecs import Refusal, text_of
from bt_families import Requests

# Folders in the service's images, and what they are in the model's.
IN_IMAGES = ("/opt/ml/model", ""), ("/opt/ml/code", "/code")
UTF8_TYPES = ("application/json", "text/csv")


def submitted(model_dir):
    """The folder that SAGEMAKER_SUBMIT_DIRECTORY names, or None."""
    value = os.environ.get("SAGEMAKER_SUBMIT_DIRECTORY", "")
    unpacked = os.environ.pop("BT_CODE_DIR", "")  # bt-predict's copy of it
    if unpacked or not value:
        return unpacked or None
    path = "/" + value[7:].partition("/")[2] if value.startswith("file://") else value
    if os.path.isdir(path):
        return os.path.abspath(path)
    path = os.path.normpath(path)
    for there, here in IN_IMAGES:
        if path == there or path.startswith(there + "/"):
            path = model_dir + here + path[len(there):]
            return path if os.path.isdir(path) else None
    raise Refusal(500, "SAGEMAKER_SUBMIT_DIRECTORY is %s, which is no folder, archive or s3://"
                  % value)


def find_script(model_dir, code):
    """Its path, in the folder code, or if that is None in the model's own; None if
    there is none."""
    program = os.environ.get("SAGEMAKER_PROGRAM") or "inference.py"
    folders = [code] if code else [os.path.join(model_dir, "code"), model_dir]
    for folder in folders:
        for path in (os.path.join(folder, program), os.path.join(folder, program + ".py")):
            if os.path.isfile(path):
                return path
    if code:
        raise Refusal(500, "SAGEMAKER_SUBMIT_DIRECTORY is %s, in which there is no %s"
                      % (os.environ["SAGEMAKER_SUBMIT_DIRECTORY"], program))
    return None


def refuse_without_script(model_dir):
    server = os.environ.get("BT_FRAMEWORK") == "tensorflow"
    raise Refusal(500, "%s: no %s, in code/ or in the folder itself%s" % (
        model_dir, os.environ.get("SAGEMAKER_PROGRAM") or "inference.py",
        "; without a script, run TensorFlow Serving and the plugin http" if server else ""))


def set_path(path, code):
    folder = os.path.dirname(path)
    sys.path[:0] = [code] if folder == code else [code, folder]
    outer = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = code + (os.pathsep + outer if outer else "")


def import_script(path):
    sys.argv[:] = [path]
    name = os.path.basename(path).partition(".")[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def framework():
    return os.environ.get("BT_FRAMEWORK") or None


class Model:
    """A script: its functions, its model, and the function that is running."""

    def __init__(self, model_dir):
        self.dir = os.path.abspath(model_dir)
        self.code = os.path.join(self.dir, "code")
        self.stage = ""
        self.context = bt_context.Context(self.dir)
        self.uses_context = False
        self.advice = ""  # about packages that it lacks
        self.begin("", "")

    def load(self):
        os.environ.setdefault("SM_MODEL_DIR", self.dir)
        code = submitted(self.dir)
        path = find_script(self.dir, code)
        self.code = code or self.code
        if path is None:
            self.do_without_script()
        else:
            self.shown = self.own(path) or path
            set_path(path, self.code)
            self.look_for_packages()
            self.script = import_script(path)
        self.shape = bt_shapes.find(self)
        if self.shape is not None:
            self.shape.load()
            return
        self.take_functions()
        before, after = self.function("pre_model_fn", 1), self.function("model_warmup_fn", 2)
        if before is not None:
            self.stage = "pre_model_fn: "
            before(self.dir)
        self.stage = "model_fn: "
        self.model = self.model_fn(self.dir)
        if self.predict_fn == self.defaults.predict_fn and self.transform_fn is None:
            self.stage = self.shown + ": "
            self.defaults.check(self.model)
        if after is not None:
            self.stage = "model_warmup_fn: "
            after(self.dir, self.model)

    def do_without_script(self):
        self.script = types.ModuleType("inference")
        self.shown = "MLmodel"
        if os.path.isfile(os.path.join(self.dir, self.shown)):
            self.script.model_fn = bt_mlflow.model_fn
        elif bt_families.defaults(framework(), self.script).model_fn is None:
            refuse_without_script(self.dir)

    def look_for_packages(self):
        path = os.path.join(self.code, "requirements.txt")
        lacking = bt_packages.lacking(path) if os.path.isfile(path) else ""
        if lacking:
            self.advice = bt_packages.advice(self.own(path), lacking)

    def own(self, path):
        """The path in the model, as messages have it; None for another's."""
        for folder in (self.dir, self.code):
            if path.startswith(os.path.join(folder, "")):
                return os.path.relpath(path, folder)
        return None

    def take_functions(self):
        self.defaults = bt_families.defaults(framework(), self.script)
        names = "input_fn", "predict_fn", "output_fn"
        three = [self.function(name, 2) for name in names]
        self.transform_fn = self.function("transform_fn", 4)
        if self.transform_fn is not None and any(three):
            raise Refusal(500, "%s: transform_fn beside input_fn, predict_fn or output_fn"
                          % self.shown)
        for name, own in zip(names, three):
            setattr(self, name, getattr(self.defaults, name) if own is None else own)
        self.model_fn = self.function("model_fn", 1)
        if self.model_fn is None:
            self.model_fn = self.defaults.model_fn
        if self.model_fn is None:
            raise Refusal(500, "%s: no model_fn, handle(), handler() or init() and run()"
                          % self.shown)

    def function(self, name, count):
        """Takes count arguments, and passes the context if the script's own asks
        for it; None if the script has no such function."""
        function = getattr(self.script, name, None)
        if function is None:
            return None
        try:
            parameters = inspect.signature(function).parameters.values()
        except ValueError:  # some builtins have no signature
            return function
        asked = bt_context.is_asked_for(parameters, count)
        if asked is None:
            has = len(parameters)
            raise Refusal(500, "%s: %s has %d parameter%s, not %d, or %d with the context"
                          % (self.shown, name, has, "" if has == 1 else "s", count, count + 1))
        if not asked:
            return function
        self.uses_context = True
        return lambda *given: function(*given, self.context)

    def execution_parameters(self, body):
        """The bytes of a JSON document; body is empty."""
        self.stage = "execution_parameters_fn: "
        return reply_of(self.script.execution_parameters_fn())[0], None

    def begin(self, content_type, accept, *place):
        """What the requests after this have in common; place is empty, or the object,
        the first record and their number."""
        self.content_type = content_type
        self.accept = accept
        self.place = place
        self.takes_text = content_type in UTF8_TYPES

    def run(self, body):
        """The reply, and its content type, or None for accept.  body is any kind of
        bytes."""
        accept = self.accept
        if self.shape is not None:
            return reply_of(self.shape.run(bytes(body), self.content_type, accept))
        body = text_of(body) if self.takes_text else bytes(body)
        if self.transform_fn is not None:
            self.stage = "transform_fn: "
            return reply_of(self.transform_fn(self.model, body, self.content_type, accept))
        self.stage = "input_fn: "
        data = self.input_fn(body, self.content_type)
        if type(data) is Requests:
            return bt_families.gathered(data, accept, self.answer)
        # As answer: its call would be felt where each record is a request.
        self.stage = "predict_fn: "
        prediction = self.predict_fn(data, self.model)
        self.stage = "output_fn: "
        return reply_of(self.output_fn(prediction, accept))

    def run_in_context(self, body):
        self.context.begin(self.content_type, self.accept, self.place)
        reply, kind = self.run(body)
        if self.context.status >= 400:
            refuse(self.context.status,
                   self.context.phrase or reply.decode("utf-8", "replace"))
        return reply, kind or self.context.reply_type

    def answer(self, data, accept):
        self.stage = "predict_fn: "
        prediction = self.predict_fn(data, self.model)
        self.stage = "output_fn: "
        return reply_of(self.output_fn(prediction, accept))


def reply_of(result):
    """The bytes and the type of a function's result."""
    if type(result) is str:
        return result.encode("utf-8"), None
    kind = None
    if isinstance(result, tuple) and len(result) == 2:
        result, kind = result
        if type(kind) is int and isinstance(result, (str, bytes)):
            if kind >= 400:
                text = result if isinstance(result, str) else result.decode("utf-8", "replace")
                refuse(kind, text)
            kind = None
        elif kind is not None and not isinstance(kind, str):
            raise TypeError("returned a tuple of %s and %s, not of text or bytes and their type"
                            % (type(result).__name__, type(kind).__name__))
    if isinstance(result, str):
        return result.encode("utf-8"), kind
    if isinstance(result, bytes):
        return result, kind
    if isinstance(result, (bytearray, memoryview)):
        return bytes(result), kind
    if hasattr(result, "mimetype") and (hasattr(result, "get_data") or hasattr(result, "data")):
        return response_of(result)
    if isinstance(result, (dict, list, int, float)):
        return bt_codecs.encode_json(result).encode("utf-8"), kind or bt_codecs.JSON
    raise TypeError("returned %s, not text, bytes, a tuple of one and its type, or a response"
                    % type(result).__name__)


def response_of(response):
    data = response.get_data() if hasattr(response, "get_data") else response.data
    data = data.encode("utf-8") if isinstance(data, str) else bytes(data)
    status = getattr(response, "status_code", 200)
    if status >= 400:
        refuse(status, data.decode("utf-8", "replace"))
    return data, response.mimetype


def status_of(code):
    """An HTTP status as one of enum bt_status."""
    if code in (400, 406, 413, 415, 503):
        return code
    return 400 if 400 <= code < 500 else 500


def refuse(code, text):
    raise Refusal(status_of(code), "status %d: %s" % (code, " ".join(text.split())[:400]))
