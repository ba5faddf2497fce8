"""A server of OpenAI's API whose prompts say what it does.

Listens on a free port of 127.0.0.1, which the file "port" then names.  Each
request is a line of the file $LOG: its path and its prompts.  If $KEY is set,
requests must bring it.  With $LABELS, a request with a schema gets one of its
labels, by the length of the prompt.  The last prompt of a request says what to do:

    once NAME WHAT      WHAT, where there is no file NAME; makes it
    after NAME WHAT     waits for the file NAME first
    slow MS WHAT        waits MS milliseconds first
    say TEXT            TEXT as the answer (\\n in it is a newline)
    big XN              X, N times
    finish REASON TEXT  TEXT with this finish_reason
    think TEXT          TEXT after a thought
    reply TEXT          TEXT instead of a reply's JSON
    error STATUS CODE TEXT  an error in OpenAI's form
    refuse TEXT         the model refuses, and says TEXT
    echo-key            an error that quotes the key
    status, short, hang and other words of ../http/faults.py
    anything else is the answer itself

The file "most" has the most requests that were at work at a time.
"""
import json
import os
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../http"))
import faults

at_work = most = 0
lock = threading.Lock()


def usage(prompts, answer):
    made = len(answer.split())
    used = sum(len(p.split()) for p in prompts)
    return {
        "prompt_tokens": used,
        "completion_tokens": made,
        "total_tokens": used + made,
    }


def choice(chat, index, answer, reason, refusal):
    item = {"index": index, "finish_reason": reason}
    if chat:
        item["message"] = {"role": "assistant", "content": answer}
        item["message"]["refusal"] = refusal
    else:
        item["text"] = answer
    return item


def result(path, prompts, answers, reason="stop", refusal=None):
    if path.endswith("/embeddings"):
        data = [
            {"object": "embedding", "index": i, "embedding": [len(p), 0.5]}
            for i, p in enumerate(prompts)
        ]
        # Not in order: the index counts.
        body = {"object": "list", "data": data[::-1], "usage": usage(prompts, "")}
    else:
        chat = path.endswith("/chat/completions")
        body = {
            "id": "cmpl-1",
            "choices": [
                choice(chat, i, a, reason, refusal) for i, a in enumerate(answers)
            ],
            "usage": usage(prompts, " ".join(a or "" for a in answers)),
        }
    return faults.reply(
        200, json.dumps(body).encode(), "Content-Type: application/json"
    )


def error(status, code, message, *headers):
    body = {"error": {"message": message, "type": "x", "param": None, "code": code}}
    return faults.reply(
        status, json.dumps(body).encode(), "Content-Type: application/json", *headers
    )


def answer(c, path, prompts, headers, body):
    """Answers; returns whether the connection goes on."""
    what = prompts[-1]
    while True:
        word, _, rest = what.partition(" ")
        if word == "once":
            name, _, what = rest.partition(" ")
            try:
                os.close(os.open(name, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                what = "say again"
        elif word == "after":
            name, _, what = rest.partition(" ")
            while not os.path.exists(name):
                time.sleep(0.01)
        elif word == "slow":
            ms, _, what = rest.partition(" ")
            time.sleep(int(ms) / 1000)
        else:
            break
    if word == "say":
        out = result(path, prompts, [rest.replace("\\n", "\n")])
    elif word == "big":
        out = result(path, prompts, [rest[:1] * int(rest[1:])])
    elif word == "finish":
        reason, _, rest = rest.partition(" ")
        out = result(path, prompts, [rest], reason)
    elif word == "think":
        out = result(path, prompts, ["<think>well, %s</think>\n\n%s" % (rest, rest)])
    elif word == "reply":
        out = faults.reply(200, rest.encode(), "Content-Type: application/json")
    elif word == "error":
        status, code, rest = rest.split(" ", 2)
        extra = ["Retry-After: 1"] if status == "429" else []
        out = error(int(status), code, rest, *extra)
    elif word == "refuse":
        out = result(path, prompts, [None], "stop", rest)
    elif word == "echo-key":
        out = error(400, "x", "x" * 180 + headers["authorization"])
    elif word in ("status", "short", "chunk-cut", "garbage", "close", "hang", "gzip", "stall"):
        return faults.do(c, what, headers, body)
    else:
        out = result(path, prompts, prompts[:-1] + [what])
    c.sendall(out)
    return True


def prompts_of(q):
    if "messages" in q:
        return [m["content"] for m in q["messages"][-1:]]
    p = q.get("prompt", q.get("input"))
    return p if isinstance(p, list) else [p]


def label(q):
    """The answer to a question that only a schema's labels answer, or None."""
    try:
        schema = q["response_format"]["json_schema"]["schema"]
        values = schema["properties"]["label"]["enum"]
    except KeyError:
        return None
    return "say " + json.dumps({"label": values[len(q["messages"][-1]["content"]) % len(values)]})


def respond(c, line, headers, body, log):
    path = line.split(" ")[1]
    key = os.environ.get("KEY")
    if key and headers.get("authorization") != "Bearer " + key:
        c.sendall(error(401, "invalid_api_key", "Incorrect API key provided: " + headers.get("authorization", "none")))
        return True
    if line.startswith("GET"):
        c.sendall(faults.reply(404, b"{}"))
        return True
    q = json.loads(body)
    prompts = prompts_of(q)
    log.write("%s %s\n" % (path, "|".join(prompts).replace("\n", "\\n")))
    if os.environ.get("BODIES"):
        with open(os.environ["BODIES"], "a") as f:
            f.write(json.dumps(q, ensure_ascii=False) + "\n")
    if q.get("model") == "none":
        c.sendall(error(404, "model_not_found", "The model `none` does not exist"))
        return True
    if os.environ.get("LABELS"):
        prompts[-1] = label(q) or prompts[-1]
    return answer(c, path, prompts, headers, body)


class Request:
    """The connection of a request, which is at work until its answer begins: the
    client may send the next one before this thread goes on."""

    def __init__(self, c):
        global at_work, most
        self.c = c
        self.at_work = True
        with lock:
            at_work += 1
            if at_work > most:
                most = at_work
                with open("most", "w") as out:
                    print(most, file=out)

    def end(self):
        global at_work
        with lock:
            at_work -= self.at_work
        self.at_work = False

    def sendall(self, data):
        self.end()
        self.c.sendall(data)

    def __getattr__(self, name):
        return getattr(self.c, name)


def serve(c, log):
    f = c.makefile("rb")
    goes_on = True
    while goes_on:
        line, headers = faults.request(f)
        if not line:
            break
        body = f.read(int(headers.get("content-length", 0)))
        r = Request(c)
        try:
            goes_on = respond(r, line, headers, body, log)
        finally:
            r.end()
    f.close()
    c.close()


def guarded(c, log):
    try:
        serve(c, log)
    except faults.Hang:
        time.sleep(60)
    except OSError:
        pass


def main():
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", int(os.environ.get("PORT", 0))))
    s.listen(1000)
    with open("port.new", "w") as f:
        print(s.getsockname()[1], file=f)
    os.rename("port.new", "port")
    log = open(os.environ.get("LOG", os.devnull), "a", buffering=1)
    while True:
        c, _ = s.accept()
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=guarded, args=(c, log), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
