#!/usr/bin/env python3
"""server.py FOLDER [CERTIFICATE]: a receiver of webhooks that behaves as FOLDER/mode says.

Writes its port to FOLDER/port once it listens, and every request, as a line of JSON, to
FOLDER/requests. FOLDER/mode is read anew for each request; MODES below are the words for it. A
request for /MODE behaves as that, whatever the file says. Listens on loopback only.
"""

import json
import os
import pathlib
import socket
import ssl
import struct
import sys
import threading
import time

folder = pathlib.Path(sys.argv[1])
lock = threading.Lock()


def answer(status, body=b"", *headers, length=None):
    lines = [f"HTTP/1.1 {status} Whatever", *headers]
    lines += [f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def send(*arguments, **keywords):
    return lambda link: link.sendall(answer(*arguments, **keywords))


def stall(link):
    """Never answers; the other side has to end it."""
    while link.recv(4096):
        pass


def drip(link):
    """A byte a second, for ever."""
    while True:
        link.sendall(b"H")
        time.sleep(1)


def stall_after_status(link):
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    stall(link)


def reset(link):
    """No goodbye: a segment with RST."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def endless(status):
    def body(link):
        """Until the other side has enough; how much that was goes to FOLDER/sent."""
        sent = 0
        link.sendall(f"HTTP/1.1 {status} Whatever\r\nConnection: close\r\n\r\n".encode())
        try:
            while True:
                link.sendall(b"x" * 65536)
                sent += 65536
        finally:
            with lock, (folder / "sent").open("a") as log:
                log.write(f"{sent}\n")

    return body


def endless_headers(link):
    link.sendall(b"HTTP/1.1 500 Whatever\r\n")
    while True:
        link.sendall(b"X-More: " + b"x" * 8000 + b"\r\n")


def echo(link):
    """Says what it was asked for, as pages that say "not found" do."""
    send(404, f"no such thing: {link.asked}".encode())(link)


MODES = {
    "ok": send(200, b"ok"),
    "nothing": send(204),
    "fails": send(500, b"it broke\x1b[31m here\n"),
    "busy": send(429, b"slow down", "Retry-After: 3600"),
    "busy-date": send(503, b"", "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT"),
    "missing": echo,
    "refuses": send(400, b"invalid_payload"),
    "stalls": stall,
    "drips": drip,
    "stalls-after-status": stall_after_status,
    "resets": reset,
    "closes": lambda link: None,
    "too-long": send(500, b"short", length=5000),
    "too-short": send(500, b"much longer than it says", length=4),
    "too-long-but-taken": send(200, b"short", length=5000),
    "garbage": lambda link: link.sendall(os.urandom(4000).replace(b"HTTP", b"htpp")),
    "redirects": send(302, b"", "Location: http://elsewhere.invalid/secret-place"),
    "moves": send(301, b"", "Location: /ok"),
    "endless": endless(200),
    "endless-failure": endless(500),
    "endless-headers": endless_headers,
}


class Link:
    """A connection that remembers what it was asked for."""

    def __init__(self, link):
        self.link = link
        self.asked = ""

    def __getattr__(self, name):
        return getattr(self.link, name)


def request_read(link):
    data = b""
    while b"\r\n\r\n" not in data:
        more = link.recv(65536)
        if not more:
            return None
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    lines = head.decode("latin-1").split("\r\n")
    headers = {n.lower(): v for n, v in (line.split(": ", 1) for line in lines[1:])}
    while len(body) < int(headers.get("content-length", 0)):
        body += link.recv(65536)
    method, path, _ = lines[0].split(" ", 2)
    return {"method": method, "path": path, "headers": headers, "body": body.decode()}


def serve(raw):
    link = Link(raw)
    try:
        request = request_read(link)
        if request is None:
            return
        link.asked = request["path"]
        word = request["path"].strip("/").split("?")[0].split("/")[0]
        mode = word if word in MODES else (folder / "mode").read_text().strip()
        request["mode"] = mode
        with lock, (folder / "requests").open("a") as log:
            log.write(json.dumps(request) + "\n")
        MODES[mode](link)
    except OSError:
        pass
    finally:
        raw.close()


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    wanted = folder / "port"
    listener.bind(("127.0.0.1", int(wanted.read_text()) if wanted.exists() else 0))
    listener.listen(64)
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2])
    part = folder / "port.part"
    part.write_text(str(listener.getsockname()[1]))
    part.rename(wanted)
    while True:
        link, _ = listener.accept()
        if len(sys.argv) > 2:
            try:
                link = context.wrap_socket(link, server_side=True)
            except (OSError, ssl.SSLError):
                continue
        threading.Thread(target=serve, args=(link,), daemon=True).start()


main()
