"""A proxy before an S3 server that breaks chosen answers, and logs the requests.

faults.py FILE http://HOST:PORT listens on two free ports of 127.0.0.1 and then
writes FILE, for a shell to source: AWS_ENDPOINT_URL_S3 and OTHER_ENDPOINT.
Both lead to HOST:PORT, also as a proxy for HTTP.  Requests are passed on unchanged,
including Host, so that signatures stay valid.  Some paths are the proxy's own:

    PUT /-/rules   a JSON list of rules; forgets the requests so far
    GET /-/log     waits until no request is in progress (at most 30 s); the
                   requests since, a JSON object a line, as they ended;
                   "rule" is the number of the rule that applied
    GET /-/busy    how many requests are in progress

A rule is an object.  The first that applies to a request is used; it applies if
all of these match:

    method, path, query, range   regular expressions, searched for; path and
                                 query as they are sent
    port                         1, the endpoint, or 2, the other
    skip                         first ignore this many requests
    times                        then apply to this many (default 1); -1: all

and does one of these:

    status, code, message   answer so with S3's error document, or with the
                            text body; more headers in headers; Date is clock
                            seconds fast (0); early: before the body is read
    drop                    reset the connection; at this byte of the request's
                            body if it is a number
    hang                    no answer for this many seconds, then drop
    lost                    have the server do it, then drop its answer

or, to the server's own answer, any of these:

    delay           seconds before it
    set             headers to change or add; null removes
    replace         [OLD, NEW] text in the body
    flip            invert this byte of the body
    chunked         no Content-Length
    ignore-range    ask without Range
    reset, close    RST or FIN after this many bytes of the body
    stall           [BYTE, SECONDS] silence before that byte
    rate            bytes of the body a second

A client that goes away ends any wait.
"""
import fcntl
import json
import os
import re
import select
import socket
import struct
import sys
import termios
import threading
import time
import urllib.parse
from email.utils import formatdate

PIECE = 65536

# Of Amazon's headers these are not in the log: every request has them.
SECRET = "authorization", "x-amz-security-token"
QUIET = "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"


class Gone(Exception):
    """A connection that ended, by the client, the server or a rule."""


class Rules:
    def __init__(self):
        self.lock = threading.Condition()
        self.rules, self.log, self.busy = [], [], 0

    def set(self, rules):
        with self.lock:
            self.rules, self.log = rules, []

    def begin(self, asked):
        with self.lock:
            self.busy += 1
            for i, rule in enumerate(self.rules):
                if applies(rule, asked):
                    asked["rule"] = i + 1
                    return rule
            return {}

    def end(self, asked):
        with self.lock:
            self.busy -= 1
            self.log.append(json.dumps(asked))
            self.lock.notify_all()

    def wait(self):
        with self.lock:
            self.lock.wait_for(lambda: self.busy == 0, 30)
            return "".join(line + "\n" for line in self.log).encode()


def applies(rule, asked):
    if rule.get("port", asked["port"]) != asked["port"]:
        return False
    for what in ("method", "path", "query", "range"):
        if what in rule and not re.search(rule[what], asked[what] or ""):
            return False
    if rule.get("skip", 0) > 0:
        rule["skip"] -= 1
        return False
    times = rule.setdefault("times", 1)
    if times > 0:
        rule["times"] = times - 1
    return times != 0


class Headers:
    """The lines of a message's head after its first, in their order."""

    def __init__(self, lines=()):
        self.pairs = [tuple(x.strip() for x in line.split(":", 1)) for line in lines]

    def get(self, name):
        return next((v for k, v in self.pairs if k.lower() == name.lower()), None)

    def set(self, name, value):
        self.pairs = [p for p in self.pairs if p[0].lower() != name.lower()]
        if value is not None:
            self.pairs.append((name, str(value)))

    def text(self, first):
        lines = [first] + ["%s: %s" % p for p in self.pairs]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def read_head(f):
    lines = []
    while True:
        line = f.readline()
        if not line:
            raise Gone
        line = line.rstrip(b"\r\n").decode("latin-1")
        if not line and lines:
            return lines[0], Headers(lines[1:])
        if line:
            lines.append(line)


def read_bytes(f, left):
    while left > 0:
        piece = f.read1(min(left, PIECE))
        if not piece:
            raise Gone
        left -= len(piece)
        yield piece


def read_chunks(f):
    while True:
        size = int(f.readline().split(b";")[0], 16)
        yield from read_bytes(f, size)
        f.readline()
        if size == 0:
            return


def is_chunked(headers):
    return "chunked" in (headers.get("Transfer-Encoding") or "").lower()


def read_body(f, headers, to_end=False):
    """The body in pieces, without its framing."""
    length = headers.get("Content-Length")
    if is_chunked(headers):
        return read_chunks(f)
    if length is not None:
        return read_bytes(f, int(length))
    return iter(lambda: f.read1(PIECE), b"") if to_end else ()


def cut_at(pieces, stops, size):
    """The same bytes in pieces of at most size, none across a stop."""
    at = 0
    for piece in pieces:
        while piece:
            n = min([size, len(piece)] + [s - at for s in stops if s > at])
            yield at, piece[:n]
            at, piece = at + n, piece[n:]


def rest(client, seconds):
    """Waits, unless the client goes away."""
    end = time.time() + seconds
    while time.time() < end:
        ready, _, _ = select.select([client], [], [], max(0, end - time.time()))
        if ready:
            if not client.recv(1, socket.MSG_PEEK):
                raise Gone
            time.sleep(0.01)  # a request after this one: still there


def drain(client):
    """Waits until the other side's kernel has what was sent."""
    for _ in range(1000):
        queued = fcntl.ioctl(client, termios.TIOCOUTQ, b"\0" * 4)
        if struct.unpack("i", queued)[0] == 0:
            return
        time.sleep(0.005)


def reset(client):
    drain(client)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Gone


def error_document(rule):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>%s</Code>'
            "<Message>%s</Message>%s<RequestId>0</RequestId></Error>" %
            (rule.get("code", "InternalError"), rule.get("message", "as told"),
             "<Region>%s</Region>" % rule["region"] if "region" in rule else ""))


class Exchange:
    """One request of a client and its answer."""

    def __init__(self, client, f, port, upstream):
        self.client, self.f, self.upstream = client, f, upstream
        self.first, self.headers = read_head(f)
        # As a proxy for HTTP it is asked for a whole URL.
        self.first = re.sub(r"^(\S+) http://[^/ ]*", r"\1 ", self.first)
        self.method, target, _ = self.first.split(" ")
        path, _, query = target.partition("?")
        get = self.headers.get
        scope = re.search(r"Credential=[^,]*?/\d{8}/([^/]*)/", get("Authorization") or "")
        self.asked = {
            "port": port, "method": self.method, "path": path, "query": query,
            "range": get("Range"), "if_match": get("If-Match"),
            "date": get("X-Amz-Date"), "host": get("Host"),
            "secret": sorted(k.lower() for k, _ in self.headers.pairs if k.lower() in SECRET),
            "region": scope and scope.group(1),
            "amz": {k.lower(): v for k, v in self.headers.pairs
                    if k.lower().startswith("x-amz-") and k.lower() not in QUIET},
            "length": get("Content-Length"), "received": 0, "status": None,
            "sent": 0, "rule": None}

    def keep(self):
        return (self.headers.get("Connection") or "").lower() != "close"

    def body(self):
        for piece in read_body(self.f, self.headers):
            self.asked["received"] += len(piece)
            yield piece

    def head(self, first, headers):
        self.asked["status"] = int(first.split(" ")[1])
        self.client.sendall(headers.text(first))

    def answer(self, status, body, headers):
        headers.set("Content-Length", len(body))
        self.head("HTTP/1.1 %d x" % status, headers)
        if self.method != "HEAD":
            self.client.sendall(body)
            self.asked["sent"] = len(body)

    def do(self, rule):
        """True if the connection can serve another request."""
        if "hang" in rule:
            rest(self.client, rule["hang"])
            reset(self.client)
        if "drop" in rule:
            self.read_until(0 if rule["drop"] is True else rule["drop"])
            reset(self.client)
        if "status" in rule:
            return self.refuse(rule)
        return self.forward(rule)

    def read_until(self, byte):
        body = self.body()
        while self.asked["received"] < byte and next(body, None):
            pass

    def refuse(self, rule):
        if not rule.get("early"):
            for _ in self.body():
                pass
        rest(self.client, rule.get("delay", 0))
        headers = Headers()
        headers.set("Content-Type", "application/xml")
        headers.set("Date", formatdate(time.time() + rule.get("clock", 0), usegmt=True))
        for name, value in rule.get("headers", {}).items():
            headers.set(name, value)
        if rule.get("early"):
            headers.set("Connection", "close")
        body = rule.get("body", error_document(rule))
        self.answer(rule["status"], body.encode(), headers)
        return self.keep() and not rule.get("early")

    def forward(self, rule):
        with socket.create_connection(self.upstream) as server:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.pass_on(server, rule)
            with server.makefile("rb") as f:
                first, headers = read_head(f)
                while first.split(" ")[1] == "100":
                    first, headers = read_head(f)
                if "lost" in rule:
                    self.asked["status"] = int(first.split(" ")[1])
                    reset(self.client)
                rest(self.client, rule.get("delay", 0))
                return self.pass_back(f, first, headers, rule)

    def pass_on(self, server, rule):
        if self.headers.get("Expect"):
            self.client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        headers = Headers()
        headers.pairs = list(self.headers.pairs)
        headers.set("Connection", "close")
        if rule.get("ignore-range"):
            headers.set("Range", None)
        server.sendall(headers.text(self.first))
        chunked = is_chunked(headers)
        pieces = iter(self.body())
        try:
            for piece in pieces:
                server.sendall(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            if chunked:
                server.sendall(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            for _ in pieces:  # the server answered before it read all
                pass

    def pass_back(self, f, first, headers, rule):
        none = self.method == "HEAD" or first.split(" ")[1] in ("204", "304")
        body = () if none else read_body(f, headers, to_end=True)
        if "replace" in rule:
            old, new = (s.encode() for s in rule["replace"])
            body = [b"".join(body).replace(old, new)]
            headers.set("Content-Length", len(body[0]))
            headers.set("Transfer-Encoding", None)
        if rule.get("chunked"):
            headers.set("Content-Length", None)
            headers.set("Transfer-Encoding", "chunked")
        for name, value in rule.get("set", {}).items():
            headers.set(name, value)
        chunked = is_chunked(headers)
        framed = none or chunked or headers.get("Content-Length") is not None
        keep = self.keep() and framed
        headers.set("Connection", "keep-alive" if keep else "close")
        self.head(first, headers)
        if not none:
            self.send(body, chunked, rule)
        return keep

    def send(self, body, chunked, rule):
        stops = [rule[k] for k in ("reset", "close", "flip") if k in rule]
        stall, silence = rule.get("stall", (None, 0))
        if stall is not None:
            stops.append(stall)
        if "flip" in rule:
            stops.append(rule["flip"] + 1)
        size = max(1, rule["rate"] // 20) if "rate" in rule else PIECE
        for at, piece in cut_at(body, stops, size):
            if at == rule.get("reset"):
                reset(self.client)
            if at == rule.get("close"):
                raise Gone
            if at == stall:
                rest(self.client, silence)
            if at == rule.get("flip"):
                piece = bytes([piece[0] ^ 255])
            self.client.sendall(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            self.asked["sent"] += len(piece)
            if "rate" in rule:
                rest(self.client, len(piece) / rule["rate"])
        if chunked:
            self.client.sendall(b"0\r\n\r\n")

    def control(self, rules):
        body = b"".join(self.body())
        if self.asked["path"] == "/-/rules":
            rules.set(json.loads(body))
        answer = b""
        if self.asked["path"] == "/-/log":
            answer = rules.wait()
        elif self.asked["path"] == "/-/busy":
            answer = b"%d" % rules.busy
        self.answer(200, answer, Headers())
        return self.keep()


def converse(client, port, upstream, rules):
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with client, client.makefile("rb") as f:
        try:
            keep = True
            while keep:
                exchange = Exchange(client, f, port, upstream)
                if exchange.asked["path"].startswith("/-/"):
                    keep = exchange.control(rules)
                    continue
                rule = rules.begin(exchange.asked)
                try:
                    keep = exchange.do(rule)
                finally:
                    rules.end(exchange.asked)
        except (Gone, ConnectionError):
            pass


def accept(listener, port, upstream, rules):
    while True:
        client, _ = listener.accept()
        threading.Thread(target=converse, args=(client, port, upstream, rules),
                         daemon=True).start()


def main(file, url):
    url = urllib.parse.urlsplit(url)
    upstream = url.hostname, url.port
    rules = Rules()
    listeners = [socket.create_server(("127.0.0.1", 0), backlog=128) for _ in range(2)]
    at = tuple(s.getsockname()[1] for s in listeners)
    with open(file + ".new", "w") as f:
        f.write("export AWS_ENDPOINT_URL_S3=http://127.0.0.1:%d "
                "OTHER_ENDPOINT=http://127.0.0.1:%d\n" % at)
    os.rename(file + ".new", file)
    threading.Thread(target=accept, args=(listeners[1], 2, upstream, rules),
                     daemon=True).start()
    accept(listeners[0], 1, upstream, rules)


if __name__ == "__main__":
    main(*sys.argv[1:])
