"""A time stamping authority on this machine: OpenSSL behind a small web server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = house
[house]
dir = .
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ordering = yes
tsa_name = no
ess_cert_id_chain = no
[extensions]
extendedKeyUsage = critical,timeStamping
"""


@dataclass(frozen=True)
class Authority:
    """Where it answers, and the certificate it is known by."""

    url: str
    ca: Path


def openssl(folder: Path, *words: str) -> None:
    """One call of OpenSSL in the folder."""
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def found(folder: Path) -> None:
    """Keys and certificates of a new authority."""
    folder.mkdir()
    (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ["req", "-newkey", "rsa:2048", "-nodes", "-subj"]
    openssl(folder, *new, "/CN=Test CA", "-x509", "-days", "30", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(folder, *new, "/CN=Test TSA", "-keyout", "tsa.key", "-out", "tsa.csr")
    sign = [
        "x509",
        "-req",
        "-in",
        "tsa.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "30",
    ]
    openssl(folder, *sign, "-extfile", "openssl.cnf", "-extensions", "extensions", "-out", "tsa.pem")


@contextmanager
def standing(folder: Path) -> Iterator[Authority]:
    """An authority that answers while the block runs."""
    found(folder)

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if self.headers["Content-Type"] != "application/timestamp-query":  # RFC 3161 3.4
                self.send_error(415)
                return
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            openssl(folder, "ts", "-reply", "-queryfile", "query", "-config", "openssl.cnf", "-out", "reply")
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write((folder / "reply").read_bytes())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield Authority(f"http://127.0.0.1:{server.server_port}/", folder / "ca.pem")
    finally:
        server.shutdown()
        server.server_close()
