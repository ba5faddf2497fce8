"""A server of OpenAI's API that answers each request after a fixed time.

usage: chat_server.py MS    Listens on a free port of 127.0.0.1, which the file
"port" then names.
"""
import asyncio
import os
import sys

BODY = (
    b'{"choices":[{"index":0,"message":{"role":"assistant","content":"good"},'
    b'"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1}}'
)
REPLY = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    % len(BODY)
) + BODY
SECONDS = int(sys.argv[1]) / 1000


class Connection(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.data = b""

    def data_received(self, data):
        self.data += data
        head, end, body = self.data.partition(b"\r\n\r\n")
        if not end:
            return
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line[15:])
        if len(body) < length:
            return
        self.data = body[length:]
        asyncio.get_running_loop().call_later(SECONDS, self.transport.write, REPLY)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=1000)
    with open("port.new", "w") as f:
        print(server.sockets[0].getsockname()[1], file=f)
    os.rename("port.new", "port")
    await server.serve_forever()


asyncio.run(main())
