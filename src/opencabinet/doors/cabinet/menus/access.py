"""The sections of one account that say who may ask what, below `/cabinet/accounts/{login}`."""

from opencabinet.doors.cabinet.menus.model import Section
from opencabinet.doors.wording import marked

SECTIONS: tuple[Section, ...] = (
    Section("/access", marked("Who may read"), "eye"),
    Section("/access/keys", marked("Keys"), "key"),
    Section("/access/tokens", marked("Tokens"), "list"),
    Section("/access/password", marked("API password"), "passkey"),
    Section("/access/webhooks", marked("Webhooks"), "bell"),
)
