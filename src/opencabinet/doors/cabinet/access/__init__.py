"""Who may ask what of an account, and the keys to it."""

from litestar.handlers import HTTPRouteHandler

from opencabinet.doors.cabinet.access.editing import change_draft, preview, review_draft, save_policy, simulate
from opencabinet.doors.cabinet.access.keys import list_keys, make_key, revoke_key
from opencabinet.doors.cabinet.access.masks import look_at_masks
from opencabinet.doors.cabinet.access.policy import show_policy
from opencabinet.doors.cabinet.access.tokens import (
    list_tokens,
    revoke_token,
    revoke_tokens,
    set_password,
    show_password,
)
from opencabinet.doors.cabinet.access.webhooks import (
    change_webhook,
    drop_webhook,
    list_webhooks,
    make_webhook,
    replay,
    rotate_secret,
    show_webhook,
    test_webhook,
)

handlers: list[HTTPRouteHandler] = [
    show_policy,
    save_policy,
    change_draft,
    review_draft,
    look_at_masks,
    preview,
    simulate,
    list_keys,
    make_key,
    revoke_key,
    list_tokens,
    revoke_token,
    revoke_tokens,
    show_password,
    set_password,
    list_webhooks,
    make_webhook,
    show_webhook,
    change_webhook,
    drop_webhook,
    rotate_secret,
    test_webhook,
    replay,
]
