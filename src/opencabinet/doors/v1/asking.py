"""What the definition says of asking: with which credential, and what body."""

from collections.abc import Mapping
from typing import Any, Final

from opencabinet.access import Family, Function, Machine, Need
from opencabinet.doors.v1.operation import Operation

JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"
SCHEMES: Final = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The access token of `POST /v1/tokens`, or a key; not needed while an account is open.",
    },
    "feed": {
        "type": "http",
        "scheme": "bearer",
        "description": "A feed key, which the operator of the installation makes.",
    },
}


def needed(need: Need) -> str:
    """Return who may ask, in words."""
    if isinstance(need, Machine):
        return "It needs a feed key."
    if not isinstance(need, Function):
        return ""
    token = "partner token" if need.family is Family.PARTNER else "token"
    if need.private:
        return f"Never open: it needs the account's {token}."
    return f"It needs the account's {token} unless the account is open."


def security(need: Need) -> list[dict[str, list[str]]]:
    """Return which credentials an operation takes."""
    if isinstance(need, Machine):
        return [{"feed": []}]
    private = isinstance(need, Function) and need.private
    return [{"bearer": []}] if private else [{"bearer": []}, {}]


def bodied(operation: Operation, by_kind: Mapping[str, Any], examples: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what is said of the body that an operation takes, if it takes one."""
    if operation.body:
        schema = {**by_kind[str(operation.body)], **(operation.rule or {})}
        return {"required": True, "content": {JSON: {"schema": schema, "example": examples[f"{operation.id} asked"]}}}
    if operation.lines:
        said = {
            "schema": {"type": "string", "description": "Rows, a line each; the schema of one is `x-line`."},
            "x-line": by_kind[str(operation.lines)],
            "example": examples[f"{operation.id} asked"],
        }
        return {"required": True, "content": {LINES: said}}
    return None
