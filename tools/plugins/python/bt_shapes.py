"""Scripts of other shapes than the inference toolkit's: handlers of TorchServe,
of the containers for TensorFlow Serving, and Azure's init and run.

A shape is made of a model.  Its load is called once; its run returns what
bt_script.reply_of takes."""

import collections
import inspect
import io
import json
import os
import sys

import bt_codecs
from bt_codecs import Refusal

TOOLKIT = "model_fn", "input_fn", "predict_fn", "output_fn", "transform_fn"
TensorFlowContext = collections.namedtuple("Context", (
    "model_name model_version method rest_uri grpc_port channel custom_attributes"
    " request_content_type accept_header content_length"))


class Handler:
    """TorchServe's: handle(data, context) of the script or of its class.  The body
    is one request's, and there is one."""

    def __init__(self, model):
        self.context = model.context
        self.handle = getattr(model.script, "handle", None)
        self.model = model
        model.uses_context = True
        weights = [n for n in os.listdir(model.dir) if n.endswith((".pt", ".pth"))]
        if len(weights) == 1:
            self.context.manifest["model"]["serializedFile"] = weights[0]

    @staticmethod
    def classes(script):
        own = [c for c in vars(script).values() if inspect.isclass(c)
               and c.__module__ == script.__name__ and callable(getattr(c, "handle", None))]
        return [c for c in own if not any(d is not c and issubclass(d, c) for d in own)]

    @classmethod
    def is_of(cls, script):
        return callable(getattr(script, "handle", None)) or cls.classes(script)

    def load(self):
        self.parsed = True
        if callable(self.handle):
            self.model.stage = "handle: "
            self.handle(None, self.context)
            return
        classes = self.classes(self.model.script)
        if len(classes) > 1:
            raise Refusal(500, "%s: %d classes with handle(): %s" % (
                self.model.shown, len(classes), ", ".join(c.__name__ for c in classes)))
        # This toolkit's own handlers decode the body themselves.
        self.parsed = all(c.__name__ != "DefaultHandlerService" for c in classes[0].__mro__)
        self.model.stage = "initialize: "
        service = classes[0]()
        if hasattr(service, "initialize"):
            service.initialize(self.context)
        self.handle = service.handle

    def run(self, body, content_type, accept):
        if self.parsed and content_type == bt_codecs.JSON:
            try:
                body = json.loads(bt_codecs.text_of(body))
            except ValueError as e:
                raise Refusal(400, "%s: %s" % (content_type, e)) from None
        self.model.stage = "handle: "
        result = self.handle([{"body": body}], self.context)
        return result[0] if isinstance(result, (list, tuple)) and len(result) == 1 else result


class Response:
    """What TensorFlow Serving replied, as the package requests has it."""

    def __init__(self, reply):
        self.status_code = reply.status if hasattr(reply, "status") else reply.code
        self.ok = self.status_code < 400
        self.reason = reply.reason
        self.headers = reply.headers
        self.content = reply.read()

    @property
    def text(self):
        return self.content.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.content.decode("utf-8"))


class TensorFlow:
    """Of the containers for TensorFlow Serving: handler(data, context), or
    input_handler and output_handler with a request to the server between them."""

    def __init__(self, model):
        self.model = model
        self.script = model.script
        self.url = os.environ.get("BT_TFS_REST_URI", "")

    @staticmethod
    def is_of(script):
        return hasattr(script, "handler") or hasattr(script, "input_handler")

    def load(self):
        if hasattr(self.script, "handler"):
            return
        if not hasattr(self.script, "output_handler"):
            raise Refusal(500, "%s: input_handler without output_handler" % self.model.shown)
        if not self.url:
            raise Refusal(500, "%s: input_handler needs TensorFlow Serving: start it, and set "
                          "BT_TFS_REST_URI to http://HOST:8501/v1/models/NAME:predict"
                          % self.model.shown)

    def post(self, data):
        import urllib.error  # slow
        import urllib.request
        data = data.encode("utf-8") if isinstance(data, str) else data
        request = urllib.request.Request(
            self.url, data, {"Content-Type": "application/json"})
        try:
            return Response(urllib.request.urlopen(request))
        except urllib.error.HTTPError as e:
            return Response(e)
        except OSError as e:
            raise Refusal(503, "BT_TFS_REST_URI %s: %s"
                          % (self.url, getattr(e, "reason", e))) from None

    def run(self, body, content_type, accept):
        context = TensorFlowContext(
            os.environ.get("SAGEMAKER_TFS_DEFAULT_MODEL_NAME", "model"), None, "predict",
            self.url or "http://localhost:8501/v1/models/model:predict", None, None, "",
            content_type, accept, len(body))
        data = io.BytesIO(body)
        if hasattr(self.script, "handler"):
            self.model.stage = "handler: "
            return self.script.handler(data, context)
        self.model.stage = "input_handler: "
        request = self.script.input_handler(data, context)
        self.model.stage = ""
        response = self.post(request)
        self.model.stage = "output_handler: "
        return self.script.output_handler(response, context)


class Azure:
    """Azure's: init() and run(data)."""

    def __init__(self, model):
        self.model = model
        self.script = model.script

    @staticmethod
    def is_of(script):
        return hasattr(script, "init") and hasattr(script, "run")

    def load(self):
        names = list(inspect.signature(self.script.run).parameters)
        if names == ["mini_batch"]:
            raise Refusal(500, "%s: run(mini_batch) takes files, of a parallel job of Azure; "
                          "run(data) is required" % self.model.shown)
        self.headers = "request_headers" in names
        # Decorated with input_schema, it wants the members of the JSON document.
        self.members = ("inference_schema" in sys.modules
                        and hasattr(self.script.run, "__wrapped__"))
        os.environ.setdefault("AZUREML_MODEL_DIR", self.model.dir)
        self.model.stage = "init: "
        self.script.init()

    def run(self, body, content_type, accept):
        text = bt_codecs.text_of(body)
        more = {}
        if self.headers:
            more["request_headers"] = {"Content-Type": content_type, "Accept": accept}
        self.model.stage = "run: "
        if self.members:
            result = self.script.run(**dict(json.loads(text), **more))
        else:
            result = self.script.run(text, **more)
        if hasattr(result, "mimetype"):
            return result
        if isinstance(result, str) and not bt_codecs.STRICT and is_document(result):
            return result, bt_codecs.JSON
        return bt_codecs.encode_json(result), bt_codecs.JSON


def is_document(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def find(model):
    """The shape of the model's script; None for the toolkit's."""
    if any(hasattr(model.script, name) for name in TOOLKIT):
        return None
    for shape in (Handler, TensorFlow, Azure):
        if shape.is_of(model.script):
            return shape(model)
    return None
