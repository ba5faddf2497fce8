"""Runs a SageMaker inference.py: answers the frames of the plugin python.

A frame is struct frame of frame.h, a small part, and a large one.  The first
one's small part is the model folder.  Each later one has a payload as its large
part; its small one is content type, NUL and accept, or empty if they are
unchanged.  The answer is status 0 with the reply, and its content type if it
differs from accept; or an error, the payload's byte at fault or -1, and the
traceback."""

import importlib.util
import inspect
import io
import os
import select
import signal
import struct
import sys
import time
import traceback

import bt_codecs
import bt_families
import bt_shims
from bt_codecs import Refusal

MOMENT, GAP_MAX, SLEEPS_MAX = 50e-6, 8e-6, 64
HEADER = struct.Struct("=IIqQ")
UTF8_TYPES = ("application/json", "text/csv")
OWN_FILES = ("<bt_", "<frozen importlib")


class Context:
    """The argument of a function with one more parameter: those parts of a model
    server's context that apply here."""

    def __init__(self, model_dir):
        self.system_properties = {"model_dir": model_dir, "gpu_id": None, "batch_size": 1,
                                  "server_name": "bt-predict"}
        self.request_processor = [self]
        self.headers = {}
        self.begin()

    def begin(self):
        self.reply_type = None
        self.status = 200
        self.phrase = ""

    def get_request_id(self, idx=0):
        return "0"

    def get_request_header(self, idx, key):
        return next((v for k, v in self.headers.items() if k.lower() == key.lower()), None)

    def get_all_request_header(self, idx):
        return self.headers

    def get_request_properties(self):
        return self.headers

    def get_request_property(self, key):
        return self.get_request_header(0, key)

    def get_response_content_type(self, idx):
        return self.reply_type

    def set_response_content_type(self, idx, value):
        self.reply_type = value

    def set_response_status(self, code=200, phrase="", idx=0):
        self.status = code
        self.phrase = phrase

    def set_response_header(self, idx, key, value):
        pass


def find_script(model_dir):
    program = os.environ.get("SAGEMAKER_PROGRAM", "inference.py")
    for folder in (os.path.join(model_dir, "code"), model_dir):
        for path in (os.path.join(folder, program), os.path.join(folder, program + ".py")):
            if os.path.isfile(path):
                return path
    raise Refusal(500, "%s: no %s, in code/ or in the folder itself" % (model_dir, program))


def import_script(path, model_dir):
    code = os.path.join(model_dir, "code")
    folder = os.path.dirname(path)
    sys.path[:0] = [code] if folder == code else [code, folder]
    outer = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = code + (os.pathsep + outer if outer else "")
    sys.argv[:] = [path]
    name = os.path.basename(path).partition(".")[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class Model:
    """A script: its functions, its model, and the function that is running."""

    def __init__(self, model_dir):
        self.dir = os.path.abspath(model_dir)
        self.stage = ""
        self.context = Context(self.dir)
        self.uses_context = False

    def load(self):
        os.environ.setdefault("SM_MODEL_DIR", self.dir)
        path = find_script(self.dir)
        self.shown = os.path.relpath(path, self.dir)
        self.script = import_script(path, self.dir)
        self.take_functions()
        before, after = self.function("pre_model_fn", 1), self.function("model_warmup_fn", 2)
        if before is not None:
            self.stage = "pre_model_fn: "
            before(self.dir)
        self.stage = "model_fn: "
        self.model = self.model_fn(self.dir)
        if after is not None:
            self.stage = "model_warmup_fn: "
            after(self.dir, self.model)

    def take_functions(self):
        default = bt_families.defaults(os.environ.get("BT_FRAMEWORK") or None, self.script)
        names = "input_fn", "predict_fn", "output_fn"
        three = [self.function(name, 2) for name in names]
        self.transform_fn = self.function("transform_fn", 4)
        if self.transform_fn is not None and any(three):
            raise Refusal(500, "%s: transform_fn beside input_fn, predict_fn or output_fn"
                          % self.shown)
        for name, own in zip(names, three):
            setattr(self, name, getattr(default, name) if own is None else own)
        self.model_fn = self.function("model_fn", 1)
        if self.model_fn is None:
            self.model_fn = default.model_fn
        if self.model_fn is None:
            raise Refusal(500, "%s: no model_fn" % self.shown)

    def function(self, name, count):
        """Takes count arguments, and passes the context if the script's own has
        one more parameter; None if the script has no such function."""
        function = getattr(self.script, name, None)
        if function is None:
            return None
        try:
            has = len(inspect.signature(function).parameters)
        except ValueError:  # some builtins have no signature
            has = count
        if has == count:
            return function
        if has == count + 1:
            self.uses_context = True
            return lambda *given: function(*given, self.context)
        raise Refusal(500, "%s: %s has %d parameter%s, not %d, or %d with the context"
                      % (self.shown, name, has, "" if has == 1 else "s", count, count + 1))

    def run(self, body, content_type, accept):
        """The reply, and its content type, or None for accept."""
        if content_type in UTF8_TYPES:
            body = bt_codecs.text_of(body)
        if self.transform_fn is not None:
            self.stage = "transform_fn: "
            return reply_of(self.transform_fn(self.model, body, content_type, accept))
        self.stage = "input_fn: "
        data = self.input_fn(body, content_type)
        self.stage = "predict_fn: "
        prediction = self.predict_fn(data, self.model)
        self.stage = "output_fn: "
        return reply_of(self.output_fn(prediction, accept))


def reply_of(result):
    """The bytes and the type of a function's result."""
    kind = None
    if isinstance(result, tuple) and len(result) == 2:
        result, kind = result
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


def is_a(error, name):
    return any(c.__name__ == name for c in type(error).__mro__)


def status_of_error(error, model, accept):
    if is_a(error, "BaseInferenceToolkitError"):
        return status_of(getattr(error, "status_code", 500))
    if is_a(error, "UnsupportedFormatError"):
        about_reply = model.stage == "output_fn: " or (
            model.stage == "transform_fn: " and accept in str(error))
        return 406 if about_reply else 415
    return 500


def place(error, model_dir):
    """The place in the user's own files: " (code/inference.py line 3)"."""
    if isinstance(error, SyntaxError) and error.filename:
        where = error.filename, error.lineno
    else:
        places = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__)
                  if not f.filename.startswith(OWN_FILES)]
        own = [p for p in places if p[0].startswith(os.path.join(model_dir, ""))]
        if not places:
            return ""
        where = (own or places)[-1]
    path = where[0]
    if path.startswith(os.path.join(model_dir, "")):
        path = os.path.relpath(path, model_dir)
    return " (%s line %d)" % (path, where[1] or 0)


def describe(error, model_dir):
    last = traceback.format_exception_only(type(error), error)[-1]
    text = " ".join(last.split())
    if len(text) > 600:
        text = text[:600] + "..."
    text += place(error, model_dir)
    if isinstance(error, ModuleNotFoundError):
        text += "; set BT_PYTHON to use an interpreter other than " + sys.executable
    return text


def trace(error):
    """The traceback, starting at the user's code."""
    at = error.__traceback__
    while at is not None and at.tb_frame.f_code.co_filename.startswith(OWN_FILES):
        at = at.tb_next
    return "".join(traceback.format_exception(type(error), error, at))


class Plugin:
    """The other end of the pipes."""

    def __init__(self, requests, answers):
        os.set_inheritable(requests, False)
        os.set_inheritable(answers, False)
        self.requests = io.open(requests, "rb", buffering=16384)
        self.answers = answers
        poll = select.poll()
        poll.register(requests, select.POLLIN)
        self.poll = poll.poll
        self.sleeps = self.after = 0
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.leave)

    def leave(self):
        """Called in a process that user code forks, which must neither hold the
        pipes open nor answer."""
        os.close(self.requests.fileno())
        os.close(self.answers)
        self.answers = -1

    def read(self, n):
        data = self.requests.read(n)
        if len(data) < n:
            os._exit(0)  # the plugin is gone
        return data

    def wait(self):
        """As in patience.c.  After it, read may still sleep."""
        if self.sleeps > 0:
            self.sleeps -= 1
            return
        if not self.poll(0):
            if self.look():
                self.after = 0
            elif self.after < SLEEPS_MAX:
                self.after = self.after * 2 or 1
        self.sleeps = self.after

    def look(self):
        paid, got, now = True, None, time.monotonic()
        end = now + MOMENT
        while not got and now < end:
            got, before, now = self.poll(0), now, time.monotonic()
            if now - before > GAP_MAX:
                paid = False
        return paid and bool(got)

    def take(self):
        self.wait()
        _, small, _, large = HEADER.unpack(self.read(HEADER.size))
        return self.read(small) if small else b"", self.read(large)

    def write(self, data):
        try:
            sent = os.write(self.answers, data)
            while sent < len(data):
                sent += os.write(self.answers, memoryview(data)[sent:])
        except OSError:
            os._exit(1)

    def answer(self, status, small, at, large):
        header = HEADER.pack(status, len(small), at, len(large)) + small
        if len(large) < 65536:
            self.write(header + large)
        else:
            self.write(header)
            self.write(large)

    def fail(self, status, text, at=-1, traced=""):
        self.answer(status, text.encode("utf-8", "backslashreplace"), at,
                    traced.encode("utf-8", "backslashreplace"))


def load(plugin):
    folder, _ = plugin.take()
    model = Model(os.fsdecode(folder))
    try:
        model.load()
    except Refusal as e:
        plugin.fail(e.status, model.stage + e.text)
        os._exit(1)
    except BaseException as e:
        plugin.fail(500, model.stage + describe(e, model.dir), -1, trace(e))
        os._exit(1)
    plugin.answer(0, b"", -1, b"")
    return model


def run_with_context(model, body, content_type, accept):
    context = model.context
    context.begin()
    context.headers = {"Content-Type": content_type, "Accept": accept}
    reply, kind = model.run(body, content_type, accept)
    if context.status >= 400:
        refuse(context.status, context.phrase or reply.decode("utf-8", "replace"))
    return reply, kind or context.reply_type


def run(plugin, model, body, content_type, accept):
    try:
        if model.uses_context:
            reply, kind = run_with_context(model, body, content_type, accept)
        else:
            reply, kind = model.run(body, content_type, accept)
        small = b"" if kind is None or kind == accept else kind.encode("utf-8")
    except Refusal as e:
        plugin.fail(e.status, e.text, e.at)
    except BaseException as e:
        plugin.fail(status_of_error(e, model, accept), model.stage + describe(e, model.dir),
                    -1, trace(e))
    else:
        plugin.answer(0, small, -1, reply)


def prepare():
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")


def main(requests, answers):
    prepare()
    bt_shims.install()
    plugin = Plugin(requests, answers)
    model = load(plugin)
    content_type = accept = ""
    while True:
        small, body = plugin.take()
        if small:
            content_type, accept = small.decode("utf-8", "replace").split("\0")
        run(plugin, model, body, content_type, accept)
