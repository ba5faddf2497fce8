"""OpenStack Swift with its S3 interface, all of it in one process group.

swiftd.py DIR serves what is in the folder DIR on free ports of 127.0.0.1 until
it is killed, and writes DIR/env, for a shell to source, when it answers.  The
account, container and object servers and the proxy are Swift's own (Debian's
python3-swift); its packages swift-proxy and so on hold only what starts them as
services.  Everything is stored once.  The signature of each request is
checked, region and service too; a 403 says what Swift would have signed.
"""
import array
import ctypes
import errno
import logging.handlers
import os
import signal
import socket
import sys
from time import time as now

import eventlet
from swift.common import constraints, utils, wsgi
from swift.common.ring import RingData

KEY = "bt:main"
SECRET = "btMain+Secret/0123456789abcdef"
BACKENDS = ["account", "container", "object"]

SWIFT = """
[swift-hash]
swift_hash_path_prefix = bt
swift_hash_path_suffix = bt
[storage-policy:0]
name = one
default = yes
[swift-constraints]
max_header_size = 16384
"""

# What each program's configuration begins with.
COMMON = """
[DEFAULT]
swift_dir = {dir}
devices = {dir}/disks
mount_check = false
disable_fallocate = true
recon_cache_path = {dir}
log_level = WARNING
"""

BACKEND = """
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""

PROXY = """
[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats s3api tempauth copy slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
paste.filter_factory = swift_memory:cache
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
storage_domain = localhost
check_bucket_owner = true
[filter:tempauth]
use = egg:swift#tempauth
user_bt_main = {secret} .admin
user_bt_other = other
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:symlink]
use = egg:swift#symlink
"""

ENV = """\
export AWS_ACCESS_KEY_ID='{key}'
export AWS_SECRET_ACCESS_KEY='{secret}'
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
export AWS_ENDPOINT_URL_S3=http://127.0.0.1:{port}
unset AWS_SESSION_TOKEN AWS_PROFILE AWS_ENDPOINT_URL
"""


class Memory:
    """The part of memcached that one proxy needs."""

    def __init__(self):
        self.kept = {}

    def get(self, key, **_):
        value, until = self.kept.get(key, (None, 0))
        return value if until == 0 or until > now() else None

    def set(self, key, value, time=0, **_):
        self.kept[key] = value, time and now() + time

    def incr(self, key, delta=1, time=0, **_):
        self.set(key, max(0, int(self.get(key) or 0) + delta), time)
        return self.get(key)

    def delete(self, key, **_):
        self.kept.pop(key, None)


def cache(_, **__):
    memory = Memory()

    def wrap(app):
        def call(env, start):
            env["swift.cache"] = memory
            return app(env, start)
        return call
    return wrap


def check_attributes(folder):
    """Swift keeps an object's metadata in extended attributes."""
    try:
        os.setxattr(folder, "user.bt", b"x" * 1024)
    except OSError as e:
        if e.errno in (errno.ENOTSUP, errno.EPERM):
            sys.exit("%s: no user extended attributes here" % folder)
        raise


def listen():
    s = eventlet.listen(("127.0.0.1", 0), backlog=1024)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def configure(folder, sockets):
    def write(file, text, **more):
        with open(os.path.join(folder, file), "w") as f:
            f.write(text.format(dir=folder, secret=SECRET, **more))

    write("swift.conf", SWIFT)
    write("proxy.conf", COMMON + PROXY)
    for name in BACKENDS:
        write(name + ".conf", COMMON + BACKEND, name=name)
        port = sockets[name].getsockname()[1]
        disk = {"id": 0, "zone": 1, "region": 1, "weight": 1.0, "device": "d",
                "ip": "127.0.0.1", "port": port,
                "replication_ip": "127.0.0.1", "replication_port": port}
        RingData([array.array("H", [0, 0])], [disk], 31).save(name + ".ring.gz")


def serve(name, folder, sock, ready=None):
    logger = utils.get_logger({"log_level": "WARNING"}, name)
    conf = {"__file__": os.path.join(folder, name + ".conf")}
    wsgi.run_server(conf, logger, sock, {"log_name": name}, ready)


def write_env(sock):
    with open("env.new", "w") as f:
        f.write(ENV.format(key=KEY, secret=SECRET, port=sock.getsockname()[1]))
    os.rename("env.new", "env")


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main(folder):
    folder = os.path.abspath(folder)
    os.makedirs(folder + "/disks/d", exist_ok=True)
    os.chdir(folder)
    check_attributes(folder)
    # Nothing here need outlive the machine.
    os.fsync = os.fdatasync = lambda _: None
    sys.modules["swift_memory"] = sys.modules[__name__]
    logging.handlers.SysLogHandler.emit = lambda self, record: print(
        self.format(record), file=sys.stderr, flush=True)
    sockets = {name: listen() for name in BACKENDS + ["proxy"]}
    configure(folder, sockets)
    utils.set_swift_dir(folder)
    constraints.reload_constraints()
    for name in BACKENDS:
        if os.fork() == 0:
            die_with_parent()
            serve(name, folder, sockets[name])
            os._exit(1)
    # The other three listen already: what the proxy asks them waits.
    serve("proxy", folder, sockets["proxy"], lambda: write_env(sockets["proxy"]))


if __name__ == "__main__":
    main(sys.argv[1])
