"""Caches of others in front of a server, set up to keep whatever they may."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from tests.clients.serving import PATIENCE, PLAIN, free_port, until
from tests.needs import lacking

NGINX: Final = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_temp_path {folder}/proxy;
    proxy_cache_path {folder}/kept keys_zone=kept:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://{target};
            proxy_cache kept;
            proxy_cache_valid any 1h;
            proxy_set_header Host $http_host;
            add_header X-From-Cache $upstream_cache_status always;
        }}
    }}
}}
"""
VARNISH: Final = """
vcl 4.1;
backend cabinet {{ .host = "{host}"; .port = "{port}"; }}
sub vcl_deliver {{
    if (obj.hits > 0) {{ set resp.http.X-From-Cache = "HIT"; }} else {{ set resp.http.X-From-Cache = "MISS"; }}
}}
"""
PACKAGES: Final = {"nginx": "nginx-light", "varnishd": "varnish"}


def program(name: str) -> str:
    """Return where a program is."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin") or lacking(f"install {PACKAGES[name]}")


def nginx(folder: Path, port: int, target: str) -> list[str]:
    """Return how nginx is called to keep all it may for an hour."""
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port, target=target))
    return [program("nginx"), "-c", str(configuration), "-e", "stderr"]


def varnish(folder: Path, port: int, target: str) -> list[str]:
    """Return how Varnish is called to keep all it may; its own rules are left as they are."""
    configuration = folder / "varnish.vcl"
    host, _, behind = target.partition(":")
    configuration.write_text(VARNISH.format(host=host, port=behind))
    where = ["-n", str(folder / "varnish"), "-a", f"127.0.0.1:{port}", "-f", str(configuration)]
    return [program("varnishd"), "-F", "-j", "none", "-s", "default,16m", "-t", "3600", *where]


KEEPERS: Final = {"nginx": nginx, "varnish": varnish}


@contextmanager
def keeping(kind: str, folder: Path, target: str) -> Iterator[str]:
    """Give the address of a cache in front of a server."""
    port = free_port()
    command = KEEPERS[kind](folder, port, target)
    log = folder / "log"
    with log.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=file) as process:  # noqa: S603 - a cache
        try:
            until(lambda: answers(port, process, log))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def answers(port: int, process: "subprocess.Popen[bytes]", log: Path) -> bool:
    """Whether the server answers through the cache."""
    assert process.poll() is None, log.read_text()
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=5, verify=PLAIN).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
