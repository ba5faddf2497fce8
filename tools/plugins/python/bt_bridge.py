"""Runs a SageMaker inference.py: answers the frames of the plugin python.

A frame is struct frame of frame.h, a small part, and a large one.  The first
one's small part is the model folder; the small part of the answer has c if the
script uses a context, and p if it has execution parameters; the large one is a
warning.  Each later one has
a payload as its large part; its small one is content type and accept, for a
context also object, first record and record count, with NULs between them, or
empty if they are unchanged.  Or it is "parameters", which asks for that JSON
document.  The answer is status 0 with the reply, and its content type if it
differs from accept; or an error, the payload's byte at fault or -1, and the
traceback."""

import io
import os
import select
import signal
import struct
import sys
import time
import traceback

import bt_script
import bt_shims
from bt_codecs import Refusal
from bt_script import refuse, status_of

MOMENT, GAP_MAX, SLEEPS_MAX = 50e-6, 8e-6, 64
HEADER = struct.Struct("=IIqQ")
OWN_FILES = ("<bt_", "<frozen importlib")


def is_a(error, name):
    return any(c.__name__ == name for c in type(error).__mro__)


def is_out_of_memory(error):
    """Also CUDA's: PyTorch's OutOfMemoryError, before it RuntimeError, as MXNet's still is;
    TensorFlow's ResourceExhaustedError; and XGBoostError."""
    return (isinstance(error, MemoryError) or is_a(error, "OutOfMemoryError")
            or is_a(error, "ResourceExhaustedError")
            or ((isinstance(error, RuntimeError) or is_a(error, "XGBoostError"))
                and "out of memory" in str(error)))


def status_of_error(error, model, accept):
    if is_out_of_memory(error):
        return 413
    if is_a(error, "BaseInferenceToolkitError"):
        return status_of(getattr(error, "status_code", 500))
    if is_a(error, "UnsupportedFormatError"):
        about_reply = model.stage == "output_fn: " or (
            model.stage == "transform_fn: " and accept in str(error))
        return 406 if about_reply else 415
    return 500


def place(error, model):
    """The place in the user's own files: " (code/inference.py line 3)"."""
    if isinstance(error, SyntaxError) and error.filename:
        places = [(error.filename, error.lineno)]
    else:
        places = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__)
                  if not f.filename.startswith(OWN_FILES)]
    if not places:
        return ""
    path, line = ([p for p in places if model.own(p[0])] or places)[-1]
    return " (%s line %d)" % (model.own(path) or path, line or 0)


def describe(error, model):
    last = traceback.format_exception_only(type(error), error)[-1]
    text = " ".join(last.split())
    if len(text) > 600:
        text = text[:600] + "..."
    text += place(error, model)
    if isinstance(error, ModuleNotFoundError):
        text += "; " + (model.advice or "set BT_PYTHON to use an interpreter other than "
                        + sys.executable)
    if isinstance(error, FileNotFoundError) and str(error.filename).startswith("/opt/ml/model"):
        text += "; here the model is in the folder that SM_MODEL_DIR names"
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
    model = bt_script.Model(os.fsdecode(folder))
    try:
        model.load()
    except Refusal as e:
        plugin.fail(e.status, model.stage + e.text)
        os._exit(1)
    except BaseException as e:
        plugin.fail(500, model.stage + describe(e, model), -1, trace(e))
        os._exit(1)
    flags = b"c" if model.uses_context else b""
    if hasattr(model.script, "execution_parameters_fn"):
        flags += b"p"
    plugin.answer(0, flags, -1, model.advice.encode("utf-8", "backslashreplace"))
    return model


def run_in_context(model, body, content_type, accept, place):
    context = model.context
    context.begin(content_type, accept, place)
    reply, kind = model.run(body, content_type, accept)
    if context.status >= 400:
        refuse(context.status, context.phrase or reply.decode("utf-8", "replace"))
    return reply, kind or context.reply_type


def run(plugin, model, work, accept):
    """Answers with what work returns, or with how it fails."""
    try:
        reply, kind = work()
        small = b"" if kind is None or kind == accept else kind.encode("utf-8")
    except Refusal as e:
        plugin.fail(e.status, e.text, e.at)
    except BaseException as e:
        plugin.fail(status_of_error(e, model, accept), model.stage + describe(e, model),
                    getattr(e, "bt_at", -1), trace(e))
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
    content_type, accept, place = "", "", []
    while True:
        small, body = plugin.take()
        if small == b"parameters":
            run(plugin, model, lambda: (model.execution_parameters(), None), accept)
            continue
        if small:
            content_type, accept, *place = small.decode("utf-8", "replace").split("\0")
        run(plugin, model,
            lambda: run_in_context(model, body, content_type, accept, place)
            if model.uses_context else model.run(body, content_type, accept), accept)
