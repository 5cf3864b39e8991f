"""The SQL of profiles."""

from msgspec import structs

from opencabinet.accounts.profiles.model import Profile
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

PROFILE = """
SELECT login, phone, country, city, address, zip_code, account_type, swap_free, verification_level
  FROM profiles
 WHERE login = %(login)s
"""

SAVE = """
INSERT INTO profiles (login, phone, country, city, address, zip_code, account_type, swap_free, verification_level)
VALUES (%(login)s, %(phone)s, %(country)s, %(city)s, %(address)s, %(zip_code)s, %(account_type)s, %(swap_free)s,
        %(verification_level)s)
ON CONFLICT (login) DO UPDATE
   SET (phone, country, city, address, zip_code, account_type, swap_free, verification_level)
     = (excluded.phone, excluded.country, excluded.city, excluded.address, excluded.zip_code, excluded.account_type,
        excluded.swap_free, excluded.verification_level)
 WHERE profiles.* IS DISTINCT FROM excluded.*
"""


async def profile(conn: Connection, login: Login) -> Profile | None:
    """Return what is told of the person behind an account."""
    return await conn.one(Profile, PROFILE, login=login)


async def save(conn: Connection, told: Profile) -> bool:
    """Keep what is told of the person behind an account; say whether that changed anything."""
    return await conn.run(SAVE, **structs.asdict(told)) == 1
