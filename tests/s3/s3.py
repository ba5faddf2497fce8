"""A small S3 client, the tests' own view of what a server holds.

s3.py mb BUCKET [HEADER:VALUE ...]
s3.py put BUCKET KEY [HEADER:VALUE ...]     from standard input
s3.py fill BUCKET PREFIX FOLDER             PREFIX and its name for each file
s3.py get BUCKET KEY [HEADER:VALUE ...]     to standard output
s3.py head BUCKET KEY [HEADER:VALUE ...]    status and headers, a line each
s3.py rm BUCKET KEY
s3.py rb BUCKET                             with all that is in it
s3.py ls BUCKET [PREFIX]                    size and key, percent-encoded, a line
s3.py uploads BUCKET                        unfinished ones: key and id, a line
s3.py policy BUCKET                         from standard input

Credentials and endpoint are the environment's AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL_S3.
Ends with 1 if the server refuses.  Signs as "Authenticating Requests (AWS
Signature Version 4)" in Amazon's S3 API reference says, from nothing but the
standard library.
"""
import hashlib
import hmac
import http.client
import os
import ssl
import sys
import time
import xml.etree.ElementTree as xml
from urllib.parse import quote, unquote, urlsplit


def encode(text):
    return quote(text, safe="-._~", errors="surrogateescape")


def sign(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Refused(Exception):
    pass


class S3:
    def __init__(self, env):
        self.env = env
        url = urlsplit(env["AWS_ENDPOINT_URL_S3"])
        self.host = url.netloc
        if url.scheme == "https":
            trust = ssl.create_default_context(cafile=env.get("AWS_CA_BUNDLE"))
            self.http = http.client.HTTPSConnection(url.netloc, context=trust)
        else:
            self.http = http.client.HTTPConnection(url.netloc)

    def sign(self, method, path, query, headers):
        """Adds the Authorization header.  path and query are encoded, the
        query's pairs in order."""
        signed = sorted((k.lower(), v.strip()) for k, v in headers.items())
        names = ";".join(k for k, _ in signed)
        canonical = "\n".join([method, path, query] + ["%s:%s" % p for p in signed] +
                              ["", names, headers["x-amz-content-sha256"]])
        stamp, region = headers["x-amz-date"], self.env.get("AWS_REGION", "us-east-1")
        scope = "/".join([stamp[:8], region, "s3", "aws4_request"])
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        key = ("AWS4" + self.env["AWS_SECRET_ACCESS_KEY"]).encode()
        for part in scope.split("/"):
            key = sign(key, part)
        signature = sign(key, "\n".join(["AWS4-HMAC-SHA256", stamp, scope, digest])).hex()
        headers["Authorization"] = (
            "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s" %
            (self.env["AWS_ACCESS_KEY_ID"], scope, names, signature))

    def ask(self, method, bucket, key="", query=(), headers=(), body=b""):
        """The answer and its body; raises Refused if it is not a 2xx."""
        path = "/" + bucket + ("/" + "/".join(map(encode, key.split("/"))) if key else "")
        query = "&".join(sorted("%s=%s" % (encode(k), encode(v)) for k, v in query))
        headers = dict(headers)
        headers["host"] = self.host
        headers["x-amz-date"] = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        headers["x-amz-content-sha256"] = hashlib.sha256(body).hexdigest()
        if self.env.get("AWS_SESSION_TOKEN"):
            headers["x-amz-security-token"] = self.env["AWS_SESSION_TOKEN"]
        self.sign(method, path, query, headers)
        self.http.request(method, path + ("?" + query if query else ""), body or None, headers)
        answer = self.http.getresponse()
        text = answer.read()
        if not 200 <= answer.status < 300:
            raise Refused("%s %s: %d %s" % (method, path, answer.status, text.decode()))
        return answer, text

    def pages(self, bucket, query, more):
        """The elements of a list, page after page; more maps the query's
        parameter for the next page to the element that has its value."""
        while True:
            _, text = self.ask("GET", bucket, query=list(query.items()))
            page = xml.fromstring(text)
            for element in page.iter():
                element.tag = element.tag.rpartition("}")[2]
            yield page
            if page.findtext("IsTruncated") != "true":
                return
            query = dict(query, **{k: unquote(page.findtext(v)) for k, v in more.items()})

    def list(self, bucket, prefix=""):
        query = {"list-type": "2", "encoding-type": "url", "prefix": prefix}
        more = {"continuation-token": "NextContinuationToken"}
        for page in self.pages(bucket, query, more):
            for item in page.findall("Contents"):
                yield int(item.findtext("Size")), unquote(
                    item.findtext("Key").replace("+", " "), errors="surrogateescape")

    def uploads(self, bucket):
        query = {"uploads": "", "encoding-type": "url"}
        more = {"key-marker": "NextKeyMarker", "upload-id-marker": "NextUploadIdMarker"}
        for page in self.pages(bucket, query, more):
            for item in page.findall("Upload"):
                yield unquote(item.findtext("Key").replace("+", " ")), item.findtext("UploadId")

    def empty(self, bucket):
        for key, upload in list(self.uploads(bucket)):
            self.ask("DELETE", bucket, key, [("uploadId", upload)])
        for _, key in list(self.list(bucket)):
            self.ask("DELETE", bucket, key)

    def fill(self, bucket, prefix, folder):
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as f:
                self.ask("PUT", bucket, prefix + name, body=f.read())


def main(what, bucket, *more):
    s3 = S3(os.environ)
    key = more[0] if more else ""
    headers = dict(h.split(":", 1) for h in more[1:] if ":" in h)
    out = sys.stdout.buffer
    if what == "mb":
        s3.ask("PUT", bucket, headers=dict(h.split(":", 1) for h in more))
    elif what == "put":
        s3.ask("PUT", bucket, key, headers=headers, body=sys.stdin.buffer.read())
    elif what == "fill":
        s3.fill(bucket, key, more[1])
    elif what == "get":
        out.write(s3.ask("GET", bucket, key, headers=headers)[1])
    elif what == "head":
        answer, _ = s3.ask("HEAD", bucket, key, headers=headers)
        print(answer.status, *("%s: %s" % h for h in answer.getheaders()), sep="\n")
    elif what == "rm":
        s3.ask("DELETE", bucket, key)
    elif what == "rb":
        s3.empty(bucket)
        s3.ask("DELETE", bucket)
    elif what == "ls":
        for size, found in s3.list(bucket, key):
            print(size, quote(found, safe="/", errors="surrogateescape"))
    elif what == "uploads":
        for found, upload in s3.uploads(bucket):
            print(quote(found, safe="/"), upload)
    elif what == "policy":
        s3.ask("PUT", bucket, query=[("policy", "")], body=sys.stdin.buffer.read())
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Refused as e:
        sys.exit("s3.py: %s" % e)
