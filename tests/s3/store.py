"""A small S3 server that keeps objects in memory and ignores signatures.

store.py FILE listens on a free port of 127.0.0.1 and then writes FILE, for a
shell to source: STORE, its address, for $AWS_ENDPOINT_URL_S3.  Every bucket
exists; its name decides how the server behaves:

    locked      requires x-amz-checksum-crc64nvme, as Amazon does with Object
                Lock: on parts, and on the begin and end of an upload
    sums-400    refuses such checksums with 400; sums-501, with 501
    random      ETags look like MD5s but are not
    other-sum   answers with the checksum of other bytes
    replaces    does not support If-None-Match
    slow        needs 5 seconds to assemble parts; a second such request
                meanwhile gets NoSuchUpload
    silent      does not answer an abort
    hang        answers nothing at all
    plain       none of these

    GET /-/log  the requests since, method, path and query, a line each
"""
import base64
import hashlib
import os
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SUM = "x-amz-checksum-crc64nvme"
TABLE = []
for i in range(256):
    for _ in range(8):
        i = i >> 1 ^ (0x9a6c9329ac4bc9b5 if i & 1 else 0)
    TABLE.append(i)


def crc64nvme(data):
    crc = 2 ** 64 - 1
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 255]
    return base64.b64encode((crc ^ (2 ** 64 - 1)).to_bytes(8, "big")).decode()


def etag(data):
    return '"%s"' % hashlib.md5(data).hexdigest()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    objects, uploads, log = {}, {}, []
    lock = threading.Lock()

    def log_message(self, *_):
        pass

    def answer(self, status, body="", **headers):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            if self.command != "HEAD":
                self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True

    def refuse(self, status, code, message="no"):
        self.answer(status, "<Error><Code>%s</Code><Message>%s</Message></Error>" %
                    (code, message))

    def begin(self):
        """The request: bucket, path, query, body; None if it is done."""
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if url.path == "/-/log":
            lines = self.log[:]
            del self.log[:len(lines)]
            self.answer(200, "".join(line + "\n" for line in lines))
            return None
        query = parse_qs(url.query, keep_blank_values=True)
        self.log.append(" ".join([self.command, url.path] + sorted(query)))
        bucket = url.path.split("/")[1]
        if bucket == "hang":
            time.sleep(60)
        return bucket, url.path, query, body

    def summed(self, bucket, data, name=SUM):
        """Whether its checksum is as the bucket wants it; else refused."""
        value = self.headers.get(name)
        if bucket == "locked" and value is None:
            self.refuse(400, "InvalidRequest", "Content-MD5 OR x-amz-checksum- HTTP header is "
                        "required for Put Object requests with Object Lock parameters")
        elif bucket == "sums-400" and value is not None:
            self.refuse(400, "InvalidArgument", "%s is not understood" % name)
        elif bucket == "sums-501" and value is not None:
            self.refuse(501, "NotImplemented", "A header you provided implies functionality "
                        "that is not implemented")
        elif name == SUM and value and len(data) < 65536 and value != crc64nvme(data):
            self.refuse(400, "BadDigest", "the CRC64NVME is another")
        else:
            return True
        return False

    def told(self, bucket, data):
        """The headers that say what was stored."""
        headers = {"ETag": etag(data + (b"x" if bucket == "random" else b""))}
        if bucket in ("locked", "other-sum") and self.headers.get(SUM):
            headers[SUM] = "AAAAAAAAAAA=" if bucket == "other-sum" else self.headers.get(SUM)
        return headers

    def do_GET(self):
        asked = self.begin()
        if asked is None:
            return
        bucket, path, _, _ = asked
        if path not in self.objects:
            return self.refuse(404, "NoSuchKey")
        data, tag = self.objects[path]
        return self.answer(200, data, ETag=tag)

    do_HEAD = do_GET

    def do_PUT(self):
        bucket, path, query, body = self.begin()
        if not self.summed(bucket, body):
            return
        with self.lock:
            if "uploadId" in query:
                if query["uploadId"][0] not in self.uploads:
                    return self.refuse(404, "NoSuchUpload")
                parts = self.uploads[query["uploadId"][0]]
                parts[int(query["partNumber"][0])] = body, self.headers.get(SUM)
            elif self.headers.get("If-None-Match") and bucket != "replaces" and \
                    path in self.objects:
                return self.refuse(412, "PreconditionFailed")
            else:
                self.objects[path] = body, self.told(bucket, body)["ETag"]
        return self.answer(200, **self.told(bucket, body))

    def do_DELETE(self):
        bucket, path, query, _ = self.begin()
        if bucket == "silent":
            time.sleep(60)
        with self.lock:
            if self.uploads.pop(query["uploadId"][0], None) is None:
                return self.refuse(404, "NoSuchUpload")
        return self.answer(204)

    def do_POST(self):
        bucket, path, query, body = self.begin()
        if "uploads" in query:
            if self.summed(bucket, b"", "x-amz-checksum-algorithm"):
                name = os.urandom(4).hex()
                self.uploads[name] = {}
                self.answer(200, "<InitiateMultipartUploadResult><UploadId>%s</UploadId>"
                            "</InitiateMultipartUploadResult>" % name)
            return
        name = query["uploadId"][0]
        with self.lock:
            if name not in self.uploads:
                return self.refuse(404, "NoSuchUpload")
            if bucket == "slow":
                time.sleep(5)
            parts = [self.uploads[name][n] for n in sorted(self.uploads[name])]
            sums = re.findall("<ChecksumCRC64NVME>([^<]*)</ChecksumCRC64NVME>", body.decode())
            if bucket == "locked" and sums != [s for _, s in parts]:
                return self.refuse(400, "InvalidRequest", "checksums of parts are missing")
            tags = b"".join(hashlib.md5(data).digest() for data, _ in parts)
            tag = '"%s-%d"' % (hashlib.md5(tags).hexdigest(), len(parts))
            self.objects[path] = b"".join(data for data, _ in parts), tag
            del self.uploads[name]
        return self.answer(
            200, "<CompleteMultipartUploadResult><Bucket>%s</Bucket><Key>%s</Key>"
            "<ETag>%s</ETag></CompleteMultipartUploadResult>" %
            (bucket, path.split("/", 2)[2], tag.replace('"', "&quot;")))


def main(file, *_):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with open(file + ".new", "w") as f:
        f.write("STORE=http://127.0.0.1:%d\n" % server.server_port)
    os.rename(file + ".new", file)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
