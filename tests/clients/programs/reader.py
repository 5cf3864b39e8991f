# ruff: noqa: INP001 - run by its path, not imported
"""Read an account as a Python program does: reader.py URL LOGIN PASSWORD."""

import sys

import httpx

url, login, password = sys.argv[1:]
with httpx.Client(base_url=url) as client:
    asked = client.post("/api/Authentication/RequestClientApiToken", json={"Login": int(login), "Password": password})
    headers = {"passkey": asked.raise_for_status().json()}
    for method in ("RequestBalanceInformation", "RequestOpenTrades", "RequestClosedTrades"):
        answer = client.get(f"/client/{method}/{login}", headers=headers)
        sys.stdout.buffer.write(answer.raise_for_status().content + b"\n")
