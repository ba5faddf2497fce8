"""Runs a SageMaker inference.py: answers the frames of the plugin python.

A frame is struct frame of frame.h, a small part, and a large one.  The first
one's small part is the model folder; the small part of the answer has c if the
script uses a context, and p if it has execution parameters; the large one is a
warning.  Each later one has a payload as its large part; its small one is content
type and accept, for a context also object, first record and record count, with
NULs between them, or empty if they are unchanged.  Or it is "parameters", which asks for that JSON
document.  The answer is status 0 with the reply, and its content type if it
differs from accept; or an error, the payload's byte at fault or -1, and the
traceback."""

import io
import mmap
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
from bt_script import status_of

# As in patience.c and shared.c.
MOMENT, GAP_MAX, SLEEPS_MAX, LOOKS, ONE_LOOK = 50e-6, 8e-6, 64, range(32), range(1)
NUMBER, ASLEEP, FRAME, LARGE = 0, 1, 64, 1 << 16
HEADER = struct.Struct("=IIqQ")
BODY = FRAME + HEADER.size
pack, sizes = HEADER.pack_into, struct.Struct("=4xI8xQ").unpack_from
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


def status_of_error(error, model):
    if is_out_of_memory(error):
        return 413
    if is_a(error, "BaseInferenceToolkitError"):
        return status_of(getattr(error, "status_code", 500))
    if is_a(error, "UnsupportedFormatError"):
        about_reply = model.stage == "output_fn: " or (
            model.stage == "transform_fn: " and model.accept in str(error))
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


class Pipes:
    """The plugin, at the other end of two pipes that carry the frames."""

    def __init__(self, requests, answers):
        self.bell = requests
        self.answers = answers
        self.file = io.open(requests, "rb", buffering=16384)

    def leave(self):
        """Called in a process that user code forks, which must neither hold the
        pipes open nor answer."""
        os.close(self.bell)
        os.close(self.answers)
        self.answer = lambda *given: os._exit(1)

    def read(self, n):
        data = self.file.read(n)
        if len(data) < n:
            os._exit(0)  # the plugin is gone
        return data

    def take(self):
        _, small, _, large = HEADER.unpack(self.read(HEADER.size))
        return self.read(small), self.read(large)

    def write(self, data):
        try:
            sent = os.write(self.answers, data)
            while sent < len(data):
                sent += os.write(self.answers, memoryview(data)[sent:])
        except OSError:
            os._exit(1)

    def answer(self, status, small, at, large):
        self.write(HEADER.pack(status, len(small), at, len(large)) + small)
        self.write(large)


class Shared(Pipes):
    """The plugin, with which memory is shared: shared.h.  The pipes are bells."""

    def __init__(self, requests, answers, *files):
        Pipes.__init__(self, requests, answers)
        self.files = files
        self.theirs = mmap.mmap(files[0], 0, access=mmap.ACCESS_READ)
        self.own = mmap.mmap(files[1], 0)
        poll = select.poll()
        poll.register(requests, select.POLLIN)
        self.poll = poll.poll
        self.number = 0  # of the last request
        self.asleep = False  # the plugin rings
        self.sleeps = self.after = 0
        self.looks = LOOKS  # at the number before anything else: few if sleeping pays

    def watch(self):
        """Watches for the next request for as long as that pays.  As in patience.c."""
        if self.sleeps > 0:
            self.sleeps -= 1
            return
        if self.asleep:
            self.own[ASLEEP] = 0
            self.asleep = False
        theirs, last, clock = self.theirs, self.number, time.monotonic
        paid, came, now = True, False, clock()
        end = now + MOMENT
        while not came and now < end:
            for _ in LOOKS:
                if theirs[NUMBER] != last:
                    came = True
                    break
            before, now = now, clock()
            if now - before > GAP_MAX:
                paid = False
        self.after = 0 if came and paid else min(self.after * 2 or 1, SLEEPS_MAX)
        self.sleeps = self.after
        self.looks = ONE_LOOK if self.sleeps else LOOKS

    def sleep(self):
        if not self.asleep:
            self.own[ASLEEP] = 1
            self.asleep = True
            self.poll(1)  # the plugin may have looked just before
        while self.theirs[NUMBER] == self.number:
            if not os.read(self.bell, 64):
                os._exit(0)  # the plugin is gone

    def take(self):
        theirs, last = self.theirs, self.number
        for _ in self.looks:
            if theirs[NUMBER] != last:
                break
        else:
            self.watch()
            if theirs[NUMBER] == last:
                self.sleep()
        self.number = theirs[NUMBER]
        small, large = sizes(theirs, FRAME)
        at = BODY + small
        end = at + large
        if end > len(theirs):
            self.theirs = theirs = mmap.mmap(self.files[0], 0, access=mmap.ACCESS_READ)
        body = theirs[at:end] if large < LARGE else memoryview(theirs)[at:end]
        return theirs[BODY:at] if small else b"", body

    def answer(self, status, small, at, large):
        own = self.own
        begin = BODY + len(small)
        end = begin + len(large)
        if end > len(own):
            os.ftruncate(self.files[1], end + end // 2)
            self.own = own = mmap.mmap(self.files[1], 0)
        pack(own, FRAME, status, len(small), at, len(large))
        if small:
            own[BODY:begin] = small
        own[begin:end] = large
        own[NUMBER] = self.number
        if self.theirs[ASLEEP]:
            self.ring()

    def ring(self):
        try:
            os.write(self.answers, b"\0")
        except BlockingIOError:
            pass  # bells enough
        except OSError:
            os._exit(1)


def fail(plugin, status, text, at=-1, traced=""):
    plugin.answer(status, text.encode("utf-8", "backslashreplace"), at,
                  traced.encode("utf-8", "backslashreplace"))


def load(plugin):
    folder, _ = plugin.take()
    model = bt_script.Model(os.fsdecode(folder))
    try:
        model.load()
    except Refusal as e:
        fail(plugin, e.status, model.stage + e.text)
        os._exit(1)
    except BaseException as e:
        fail(plugin, 500, model.stage + describe(e, model), -1, trace(e))
        os._exit(1)
    flags = b"c" if model.uses_context else b""
    if hasattr(model.script, "execution_parameters_fn"):
        flags += b"p"
    plugin.answer(0, flags, -1, model.advice.encode("utf-8", "backslashreplace"))
    return model


def fail_by(plugin, model, error):
    if isinstance(error, Refusal):
        fail(plugin, error.status, error.text, error.at)
    else:
        fail(plugin, status_of_error(error, model), model.stage + describe(error, model),
             getattr(error, "bt_at", -1), trace(error))


def serve(plugin, model):
    """Answers each request with the reply, or with how it fails.  Each step here
    is taken for each record of a job of single records."""
    work = model.run_in_context if model.uses_context else model.run
    while True:
        small, body = plugin.take()
        asked = work
        if small:
            if small == b"parameters":
                asked = model.execution_parameters
            else:
                model.begin(*small.decode("utf-8", "replace").split("\0"))
        try:
            reply, kind = asked(body)
            kind = b"" if kind is None or kind == model.accept else kind.encode("utf-8")
        except BaseException as e:
            fail_by(plugin, model, e)
        else:
            plugin.answer(0, kind, -1, reply)
        body = reply = None  # the next one takes their memory


def prepare():
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")


def main(*ends):
    prepare()
    bt_shims.install()
    for fd in ends:
        os.set_inheritable(fd, False)
    plugin = Shared(*ends) if len(ends) > 2 else Pipes(*ends)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=plugin.leave)
    serve(plugin, load(plugin))
