"""nginx with the same answers as files: as fast as anything can be answered here."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.speed.asking import Answer
from bench.speed.services import NGINX, WORKERS, Service, free_port, running

CONFIGURATION: Final = """
daemon off;
user root;
worker_processes {workers};
error_log {folder}/nginx-errors.log;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  server_tokens off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  open_file_cache max=1000 inactive=1h;
  client_body_temp_path {folder}/body;
  default_type {form};
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    root {folder}/files;
{headers}
  }}
}}
"""
OWN: Final = frozenset(
    {"content-length", "content-type", "date", "server", "etag", "last-modified", "connection", "transfer-encoding"}
)
"""Headers that nginx writes by itself."""


@contextmanager
def nginx(answers: Mapping[str, Answer], folder: Path) -> Iterator[Service]:
    """Give an nginx that answers paths with what is told of them, headers and all."""
    port, program = free_port(), shutil.which("nginx")
    if program is None:
        raise SystemExit("nginx is missing: apt-get install nginx-light")
    for path, answer in answers.items():
        file = folder / "files" / path.strip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer.body)
    some = next(iter(answers.values()))
    headers = "\n".join(
        f"""    add_header {name} "{value.replace('"', "'")}";""" for name, value in some.headers if name not in OWN
    )
    given = {"workers": WORKERS, "folder": folder, "port": port, "form": "application/json", "headers": headers}
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(**given))
    command = (program, "-c", str(configuration), "-p", str(folder))
    with running(NGINX, port, command, {"PATH": "/usr/sbin:/usr/bin:/bin"}, folder) as service:
        yield service
