"""Random faults, through faults.py, until FAULTS have struck.

chance.py BUCKET SEED FAULTS reads objects by bt-s3cat, to standard output and
into a folder, and stores some by bt-s3put, with a dozen random rules at a time.
Whatever strikes, the tool must leave all bytes and status 0, or status 1, a
message and no wrong byte.  An object is the old or the new one, and no part of it
is left unless a message says so.  Otherwise chance.py ends with 1, and names the
round.
"""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import urllib.request

from s3 import S3, Refused

PART = 5 << 20
OBJECTS = 24


def answers(chance):
    """What may come instead of an answer."""
    return chance.choice([
        {"status": 500}, {"status": 502, "body": ""}, {"status": 504, "body": "<html>"},
        {"status": 400, "code": "RequestTimeout"}, {"status": 403, "code": "AccessDenied"},
        {"status": 403, "code": "RequestTimeTooSkewed", "clock": chance.randrange(9)},
        {"status": 400, "code": "ExpiredToken"}, {"status": 301, "code": "PermanentRedirect"},
        {"status": 503, "code": "SlowDown", "headers": {"x-amz-retry-after": "50"}},
        {"drop": True}, {"drop": True}, {"lost": True}, {"delay": 0.05},
    ])


def bodies(chance, size):
    """What may happen to one that comes."""
    byte = chance.randrange(size)
    return chance.choice([
        {"reset": byte}, {"close": byte}, {"reset": byte}, {"close": byte},
        {"stall": [byte, 0.2]}, {"chunked": True}, {"ignore-range": True},
        {"ignore-range": True, "close": byte}, {"set": {"ETag": '"00"'}},
        {"set": {"Content-Range": None}}, {"set": {"Content-Range": "bytes 7-8/9"}},
        {"status": 412, "code": "PreconditionFailed"}, {"status": 416, "code": "InvalidRange"},
        {"status": 404, "code": "NoSuchKey"},
    ])


class Rounds:
    def __init__(self, bucket, seed, faults):
        self.chance = random.Random(seed)
        self.bucket, self.url, self.left = bucket, "s3://" + bucket, faults
        self.through = os.environ["AWS_ENDPOINT_URL_S3"]
        self.s3 = S3(dict(os.environ, AWS_ENDPOINT_URL_S3=os.environ["STRAIGHT"]))
        self.objects = {}

    def bytes(self, most):
        return self.chance.randbytes(self.chance.randrange(most))

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.through + path, body, method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def rules(self, more, last):
        """A dozen, some of them more(), that strike within `last` requests."""
        # An upload whose first answer is lost has an unknown name.
        rules = [{"method": "POST", "query": "^uploads=", "times": -1}]
        rules += [dict(more() if self.chance.random() < 0.6 else answers(self.chance),
                       skip=self.chance.randrange(last)) for _ in range(12)]
        self.ask("PUT", "/-/rules", json.dumps(rules).encode())

    def struck(self):
        log = self.ask("GET", "/-/log").decode().splitlines()
        return sum((json.loads(line)["rule"] or 0) > 1 for line in log)

    def run(self, *command, **more):
        run = subprocess.run(command, capture_output=True, timeout=60, **more)
        lines = run.stderr.decode().splitlines()
        assert run.returncode in (0, 1), (run.returncode, lines)
        assert (run.returncode == 0) == (not lines), (run.returncode, lines)
        assert all(line.startswith(command[0] + ": ") for line in lines), lines
        return run.returncode == 0, run.stdout, lines

    def fill(self):
        for i in range(OBJECTS):
            key = "r/%02d" % i
            self.objects[key] = self.bytes(60000) if i % 8 else b""
            self.s3.ask("PUT", self.bucket, key, body=self.objects[key])

    def read(self):
        self.rules(lambda: bodies(self.chance, 40000), OBJECTS)
        whole = b"".join(self.objects.values())
        good, out, lines = self.run("bt-s3cat", "--prefix", self.url + "/r/")
        assert out == whole if good else whole.startswith(out), lines
        assert good or len(lines) == 1, lines

    def download(self):
        def more():
            return self.chance.choice([{"flip": self.chance.randrange(9000), "method": "GET"},
                                       bodies(self.chance, 40000)])
        self.rules(more, OBJECTS)
        good, _, lines = self.run("bt-s3cat", "-o", "dir", "--prefix", self.url + "/r/")
        there = os.listdir("dir")
        for name in there:
            with open("dir/" + name, "rb") as f:
                assert f.read() == self.objects["r/" + name], name
        listed = [x for x in lines if x.split(": ")[1] == self.url + "/r/"]
        assert good == (len(there) == OBJECTS), lines
        assert listed or len(there) + len(lines) == OBJECTS, lines
        shutil.rmtree("dir")

    def store(self):
        def more():
            return self.chance.choice([
                {"method": "PUT", "drop": self.chance.randrange(1, 60000)},
                {"method": "PUT", "lost": True}, {"method": "PUT", "status": 500},
                {"method": "PUT", "status": 403, "code": "AccessDenied", "early": True},
                {"query": "^uploadId", "method": "POST", "lost": True},
                {"query": "^uploadId", "method": "POST", "status": 200, "code": "InternalError"},
                {"method": "PUT", "set": {"ETag": None}}])
        parts = self.chance.random() < 0.3
        before = self.bytes(100)
        after = self.bytes(60000) + (self.chance.randbytes(2 * PART) if parts else b"")
        self.s3.ask("PUT", self.bucket, "w", body=before)
        self.rules(more, 3 + 5 * parts)
        good, _, lines = self.run("bt-s3put", "--part-size", str(PART), self.url + "/w", input=after)
        found = self.s3.ask("GET", self.bucket, "w")[1]
        assert found == after or (not good and found == before), lines
        left = list(self.s3.uploads(self.bucket))
        assert not left or re.search("parts (may )?remain of upload", lines[0]), (left, lines)
        for key, upload in left:
            self.s3.ask("DELETE", self.bucket, key, [("uploadId", upload)])

    def go(self):
        self.fill()
        number = 0
        while self.left > 0:
            number += 1
            what = (self.read, self.download, self.store)[number % 3]
            try:
                what()
            except (AssertionError, Refused, subprocess.TimeoutExpired) as e:
                sys.exit("round %d, %s: %r" % (number, what.__name__, e))
            self.left -= self.struck()
        print(number, "rounds")


if __name__ == "__main__":
    Rounds(sys.argv[1], sys.argv[2], int(sys.argv[3])).go()
