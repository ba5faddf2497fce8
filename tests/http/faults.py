"""A model server that misbehaves as its records say.

Listens on the socket $SOCKET where $LISTEN is "socket", else on port $PORT of
127.0.0.1; where that is 0, on a free one, which the file "port" then names.
Each request is a line of the file $LOG: which connection, what was
asked.  The first line of a request's body says what to do:

    status NUMBER TEXT   that status, with TEXT (\\n in it is a newline) as body
    as TYPE TEXT         TEXT as the reply, of this content type
    headers              the request's headers as the reply, a line each
    once NAME WHAT       WHAT, where there is no file NAME; makes it
    anything below, or else the request's body as the reply

$PING is what /ping does, $PARAMETERS what /execution-parameters does (404).
"""
import os
import socket
import sys
import threading
import time


def reply(status, body=b"", *headers):
    lines = ["HTTP/1.1 %s x" % status, "Content-Length: %d" % len(body)]
    return "\r\n".join(lines + list(headers) + ["", ""]).encode() + body


def text(word):
    return word.replace("\\n", "\n").encode()


class Hang(Exception):
    pass


def close_now(c):
    c.shutdown(socket.SHUT_RDWR)


def do(c, what, headers, body):
    """Does what the words say; returns whether the connection goes on."""
    word, _, rest = what.partition(" ")
    kind = "Content-Type: " + headers.get("content-type", "text/plain")
    if word == "once":
        name, _, rest = rest.partition(" ")
        try:
            os.close(os.open(name, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            rest = ""
        return do(c, rest, headers, body)
    if word == "status":
        number, _, rest = rest.partition(" ")
        extra = ["Retry-After: 1"] if number == "429" else []
        extra += ["Location: /elsewhere"] if number == "302" else []
        c.sendall(reply(number, text(rest), "Content-Type: text/plain", *extra))
    elif word == "as":
        kind, _, rest = rest.partition(" ")
        c.sendall(reply(200, text(rest), "Content-Type: " + kind))
    elif word == "headers":
        out = "".join("%s: %s\n" % h for h in sorted(headers.items()))
        c.sendall(reply(200, out.encode(), "Content-Type: text/x-headers"))
    elif word == "chunked":
        c.sendall(b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for i in range(0, len(body), 5):
            piece = body[i : i + 5]
            c.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        c.sendall(b"0\r\n\r\n")
    elif word == "chunk-cut":
        c.sendall(b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n")
        c.sendall(b"5\r\nhello\r\n")
        return False
    elif word == "short":
        c.sendall(b"HTTP/1.1 200 x\r\nContent-Length: 100\r\n\r\nhello")
        return False
    elif word == "stall":
        c.sendall(b"HTTP/1.1 200 x\r\nContent-Length: 100\r\n\r\nhello")
        raise Hang
    elif word == "hang":
        raise Hang
    elif word == "garbage":
        c.sendall(b"\x15\x03\x01 hello\n")
        return False
    elif word == "close":
        return False
    elif word == "gzip":
        c.sendall(reply(200, b"\x1f\x8b\x08", "Content-Encoding: gzip"))
    elif word == "exit":
        os._exit(3)
    elif word == "crash":
        os.abort()
    elif word == "drop":
        c.sendall(reply(200, body, kind))
        return False
    else:
        c.sendall(reply(200, body, kind))
    return True


def request(f):
    line = f.readline().decode().strip()
    headers = {}
    while True:
        field = f.readline().decode().strip()
        if not field:
            return line, headers
        name, _, value = field.partition(":")
        headers[name.lower()] = value.strip()


def early(c, f):
    """A server with a cap, which reads no more than it must."""
    c.sendall(reply(413, b"at most 1000 bytes\n", "Connection: close"))
    c.shutdown(socket.SHUT_WR)
    while f.read1(65536):
        pass


def serve(c, number, log):
    f = c.makefile("rb")
    goes_on = True
    while goes_on:
        line, headers = request(f)
        if not line:
            break
        size = int(headers.get("content-length", 0))
        log.write("%d %s %d\n" % (number, line, size))
        if "/ping" in line:
            what = os.environ.get("PING", "status 200")
        elif "/execution-parameters" in line:
            what = os.environ.get("PARAMETERS", "status 404 none\n")
        elif size > int(os.environ.get("CAP", 1 << 30)):
            early(c, f)
            break
        else:
            what = ""
        body = f.read(size)
        what = what or body.decode(errors="replace").partition("\n")[0]
        goes_on = do(c, what, headers, body)
    f.close()
    c.close()


def guarded(c, number, log):
    try:
        serve(c, number, log)
    except Hang:
        time.sleep(60)
    except OSError:
        pass


def main():
    if os.environ.get("LISTEN") == "socket":
        s = socket.socket(socket.AF_UNIX)
        s.bind(os.environ["SOCKET"])
    else:
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", int(os.environ["PORT"])))
    s.listen(100)
    if os.environ.get("PORT") == "0":
        with open("port.new", "w") as f:
            print(s.getsockname()[1], file=f)
        os.rename("port.new", "port")
    log = open(os.environ.get("LOG", os.devnull), "a", buffering=1)
    number = 0
    while True:
        c, _ = s.accept()
        if s.family == socket.AF_INET:
            c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number += 1
        threading.Thread(
            target=guarded, args=(c, number, log), daemon=True
        ).start()


if __name__ == "__main__":
    sys.exit(main())
