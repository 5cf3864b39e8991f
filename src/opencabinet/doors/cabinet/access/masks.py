"""Help with addresses while they are typed: what each mask holds, and whether one's own address is among it."""

from decimal import Decimal
from typing import Final

from litestar import Response
from msgspec import Struct

from opencabinet import access
from opencabinet.access import Address, Signed
from opencabinet.access.networks import warning
from opencabinet.doors import caller
from opencabinet.doors.cabinet.access.drafts import LONGEST_LIST, ROWS, listed
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.wording import Words
from opencabinet.kernel.problem import Malformed

MOST: Final = 100
MANY: Final = 10**15


class Mask(Struct, frozen=True, kw_only=True):
    """A mask as it was typed: the networks that it names and how many addresses they hold, or what is wrong with it."""

    typed: str
    networks: tuple[str, ...] = ()
    addresses: int = 0
    holds_yours: bool = False
    warnings: tuple[str, ...] = ()
    wrong: str = ""

    def size(self, words: Words) -> str:
        """How many addresses they hold, as people read it: of very many, about how many."""
        if self.addresses < MANY:
            return words.number(Decimal(self.addresses))
        return f"10^{len(str(self.addresses)) - 1}"


def read(text: str, yours: Address | None) -> Mask:
    """Read a mask as v1 does."""
    try:
        found = access.networks(text)
    except Malformed as wrong:
        return Mask(typed=text, wrong=wrong.detail)
    return Mask(
        typed=text,
        networks=tuple(map(str, found)),
        addresses=sum(each.num_addresses for each in found),
        holds_yours=yours is not None and any(yours in each for each in found),
        warnings=tuple(said for each in found if (said := warning(each))),
    )


def seen(visit: Visit, typed: list[str]) -> list[Mask]:
    """Return what some masks hold, for whoever looks."""
    yours = caller.address(visit.request)
    return [read(each, yours) for each in typed[:MOST]]


@act("/accounts/{login}/access/masks", need=Signed.IN)
async def look_at_masks(visit: Visit, form: Form) -> Response[bytes]:
    """Show what the masks of a row hold, while they are typed."""
    login, name = visit.login(), form.text("row", longest=32)
    row = name if name in {*map(str, ROWS), "key"} else "key"
    typed = form.text(f"{row}.networks", longest=LONGEST_LIST)
    return visit.page("access/masks.html", login=login, row=row, masks=seen(visit, listed(typed)))
