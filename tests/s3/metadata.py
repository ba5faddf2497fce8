"""Where a program on a cloud's machine finds its credentials, in one server.

metadata.py FILE LOG listens on a free port of 127.0.0.1 and then writes FILE,
for a shell to source, with the variables that lead a client to it (unset what
a test is not about):

    AWS_EC2_METADATA_SERVICE_ENDPOINT       IMDSv2: a token, the role, its keys
    AWS_CONTAINER_CREDENTIALS_FULL_URI      with AWS_CONTAINER_AUTHORIZATION_TOKEN
    AWS_ENDPOINT_URL_STS                    AssumeRoleWithWebIdentity, with
    AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN

It hands out the environment's own AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
AWS_SESSION_TOKEN, for $LIFETIME seconds (3600).  Whatever is not as Amazon's
documents have it is refused, so that a client which leaves out the token, or
asks without PUT, fails here as there.  Each request is a line of the file LOG:
status, method, path and, of a form, its fields' names.
"""
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

IMDS = "/latest/meta-data/iam/security-credentials/"
ROLE = "tests"
TOKEN = "imds-token-0123"
CONTAINER_TOKEN = "container-token-0123"
IDENTITY = "web.identity.token"
ARN = "arn:aws:iam::000000000000:role/tests"

STS = """<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <AssumedRoleUser><Arn>%(arn)s</Arn><AssumedRoleId>tests</AssumedRoleId></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>%(key)s</AccessKeyId>
      <SecretAccessKey>%(secret)s</SecretAccessKey>
      <SessionToken>%(session)s</SessionToken>
      <Expiration>%(until)s</Expiration>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>
"""
STS_ERROR = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>no</Message></Error>
</ErrorResponse>
"""


def credentials():
    until = time.gmtime(time.time() + int(os.environ.get("LIFETIME", "3600")))
    return {"key": os.environ["AWS_ACCESS_KEY_ID"],
            "secret": os.environ["AWS_SECRET_ACCESS_KEY"],
            "session": os.environ.get("AWS_SESSION_TOKEN", ""),
            "until": time.strftime("%Y-%m-%dT%H:%M:%SZ", until), "arn": ARN}


def document(**more):
    c = credentials()
    return json.dumps(dict(more, AccessKeyId=c["key"], SecretAccessKey=c["secret"],
                           Token=c["session"], Expiration=c["until"]))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    log = None

    def answer(self, status, text="", fields=""):
        print(status, self.command, self.path, *sorted(fields), file=self.log, flush=True)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass

    def do_PUT(self):
        ttl = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if self.path != "/latest/api/token":
            self.answer(404)
        elif ttl.isdigit() and 1 <= int(ttl) <= 21600:
            self.answer(200, TOKEN)
        else:
            self.answer(400)

    def do_GET(self):
        if self.path == "/container":
            right = self.headers.get("Authorization") == CONTAINER_TOKEN
            return self.answer(200, document()) if right else self.answer(401)
        if self.headers.get("X-aws-ec2-metadata-token") != TOKEN:
            return self.answer(401)
        if self.path in (IMDS, IMDS.rstrip("/")):
            return self.answer(200, ROLE)
        if self.path == IMDS + ROLE:
            return self.answer(200, document(Code="Success", Type="AWS-HMAC"))
        return self.answer(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        form = parse_qs(body or urlsplit(self.path).query)
        wanted = {"Action": ["AssumeRoleWithWebIdentity"], "Version": ["2011-06-15"],
                  "RoleArn": [ARN], "WebIdentityToken": [IDENTITY]}
        right = "RoleSessionName" in form and wanted.items() <= form.items()
        self.answer(200 if right else 400, STS % credentials() if right else STS_ERROR, form)


def main(file, log):
    Handler.log = open(log, "a")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    at = "http://127.0.0.1:%d" % server.server_port
    with open(file + ".token", "w") as f:
        f.write(IDENTITY)
    with open(file + ".new", "w") as f:
        f.write("export AWS_EC2_METADATA_SERVICE_ENDPOINT=%s\n"
                "export AWS_CONTAINER_CREDENTIALS_FULL_URI=%s/container\n"
                "export AWS_CONTAINER_AUTHORIZATION_TOKEN=%s\n"
                "export AWS_ENDPOINT_URL_STS=%s AWS_ROLE_ARN=%s\n"
                "export AWS_WEB_IDENTITY_TOKEN_FILE=%s\n" %
                (at, at, CONTAINER_TOKEN, at, ARN, os.path.abspath(file + ".token")))
    os.rename(file + ".new", file)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
