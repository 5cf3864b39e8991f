"""What requests and answers of v1 carry beside their queries and bodies, as the definition says it."""

from typing import Final

from opencabinet.doors.v1.query import LONGEST_NAME

LOGIN: Final = {
    "name": "login",
    "in": "path",
    "required": True,
    "description": "The account's login.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "example": 1001001,
}
NAME: Final = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "The metric's name.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": "^[a-z0-9_]+$"},
    "example": "profit_factor",
}
ID: Final = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "Its id, as lists show it.",
    "schema": {"type": "string", "pattern": "^[a-z]{3}(_[0-9]{1,19}){1,2}$"},
    "example": "key_1",
}
HELD: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of an answer that is held: 304 is answered where it is still good.",
    "schema": {"type": "string"},
}
MATCHED: Final = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The `ETag` of what is replaced, as it was read.",
    "schema": {"type": "string"},
}
NAMED: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": (
        "A name of yours for this change, such as a UUID. Asked again by it within a day, the same change is not made "
        "again: it is answered as before, with `Idempotent-Replayed: true`."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
APPLICATION_HEADER: Final = "X-Application-Token"
APPLICATION: Final = {
    "name": APPLICATION_HEADER,
    "in": "header",
    "required": True,
    "description": "The application's token, as it was shown when it was taken.",
    "schema": {"type": "string", "maxLength": 128},
}
HEADERS: Final = {
    "ETag": {"description": "The answer's tag.", "schema": {"type": "string"}},
    "Cache-Control": {"description": "Who may keep the answer.", "schema": {"type": "string"}},
    "X-Request-Id": {"description": "The request's id, for support.", "schema": {"type": "string"}},
    "X-Account-Source": {"description": "demo or live, where that is known.", "schema": {"type": "string"}},
    "X-Feed-As-Of": {"description": "Up to when all is known of the account's server.", "schema": {"type": "string"}},
    "X-Feed-State": {"description": "loading, stale or failing; none while it is live.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "Each budget: its quota, and its seconds.", "schema": {"type": "string"}},
    "RateLimit": {"description": "What is left of each, and when all of it is back.", "schema": {"type": "string"}},
}
