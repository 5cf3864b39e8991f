"""Real proxies, told what their page says, in front of a real server."""

import shutil
import subprocess
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.clients.serving import PATIENCE
from tests.needs import lacking

PAGE: Final = Path(__file__).parents[2] / "docs" / "do" / "behind-a-proxy.md"
NAME: Final = "cabinet.example"
DAY: Final = timedelta(days=1)
PACKAGES: Final = {"nginx": "nginx-light", "haproxy": "haproxy"}
NGINX: Final = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{page}
}}
"""
HAPROXY: Final = """
defaults
    timeout connect 5s
    timeout client 30s
    timeout server 30s

{page}
"""
ADDING: Final = {
    "X-Forwarded-For $remote_addr": "X-Forwarded-For $proxy_add_x_forwarded_for",
    "http-request set-header X-Forwarded-For %[src]": "option forwardfor",
}
"""What the page says of a proxy that is not the outermost."""
KINDS: Final = {"nginx": NGINX, "haproxy": HAPROXY}


def written(kind: str, folder: Path, port: int, target: str, *, adding: bool = False) -> Path:
    """Write the page's configuration into a folder, with our places and ports; `adding` as a further one does."""
    block = PAGE.read_text("utf-8").partition(f"```{kind}\n")[2].partition("```")[0]
    page = textwrap.dedent(block)
    changes = {
        "/etc/ssl/": f"{folder}/",
        "127.0.0.1:8080": target,
        "listen 443": f"listen 127.0.0.1:{port}",
        "bind :443": f"bind 127.0.0.1:{port}",
    }
    for old, new in (changes | (ADDING if adding else {})).items():
        page = page.replace(old, new)
    path = folder / f"{kind}.conf"
    path.write_text(KINDS[kind].format(folder=folder, page=page))
    return path


def certify(folder: Path) -> None:
    """Make a certificate of the page's name, by its own authority, in the files that the page names."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - DAY).not_valid_after(now + DAY)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    public = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{NAME}.pem").write_bytes(public)
    (folder / f"{NAME}.key").write_bytes(private)
    (folder / f"{NAME}.both.pem").write_bytes(public + private)


@contextmanager
def proxying(kind: str, configuration: Path) -> Iterator[None]:
    """Run a proxy."""
    program = shutil.which(kind) or shutil.which(kind, path="/usr/sbin") or lacking(f"install {PACKAGES[kind]}")
    options = ["-c", str(configuration), "-e", "stderr"] if kind == "nginx" else ["-db", "-f", str(configuration)]
    log = configuration.with_suffix(".log")
    with log.open("wb") as file, subprocess.Popen([program, *options], stdout=file, stderr=file) as process:  # noqa: S603 - a proxy
        try:
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)
