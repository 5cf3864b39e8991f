import re
from decimal import Decimal
from fnmatch import fnmatchcase
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from opencabinet.bonuses import Programme
from opencabinet.bonuses.history import History
from opencabinet.kernel.ids import Ticket
from opencabinet.ledger import Movement
from tests.bonuses.rules import LARGE, SMALL, money, moved, programme

NO_MONEY = Decimal(0)


def told(*movements: Movement, programmes: tuple[Programme, ...] = (SMALL, LARGE), currency: str = "USD") -> History:
    """Tell movements."""
    history = History(programmes, currency)
    history.tell(movements)
    return history


def claims(
    *movements: Movement, currency: str = "USD", programmes: tuple[Programme, ...] = (SMALL, LARGE)
) -> list[str]:
    """Give which programme each bonus belongs to."""
    history = told(*movements, programmes=programmes, currency=currency)
    return [str(grant.programme) for grant in history.grants.values()]


def parts(history: History) -> list[tuple[str, str, str]]:
    """Give what of each bonus was cancelled, was released and remains."""
    return [(str(grant.cancelled), str(grant.released), str(grant.remaining)) for grant in history.grants.values()]


def test_credit_belongs_to_the_programme_that_its_comment_names() -> None:
    for comment, name in (
        ("Bonus 30%", "bonus-30"),
        ("Credit-In-55%-1000", "bonus-55"),
        ("55 % bonus", "bonus-55"),
        ("Credit 130%", "None"),
        ("x55%", "None"),
        ("Welcome credit 20%", "None"),
        ("", "None"),
    ):
        assert claims(moved(1, 0, "100", comment)) == [name], comment


def test_a_pattern_passes_over_case_and_lets_a_star_stand_for_anything() -> None:
    gift = programme(comments=("wel*gift",))

    assert claims(moved(1, 0, "1", "A WELCOME GIFT!"), programmes=(gift,)) == ["gift"]
    assert claims(moved(1, 0, "1", "welcome gifts"), programmes=(gift,)) == ["None"]


@given(
    pattern=st.text("ab*-", min_size=1, max_size=8).filter(lambda text: text.strip("*")),
    comment=st.text("abAB -\n", max_size=14),
)
def test_a_star_means_what_shells_mean_by_it(pattern: str, comment: str) -> None:
    alone = [
        comment[start:end]
        for start in range(len(comment) + 1)
        for end in range(start, len(comment) + 1)
        if not re.match(r"\w", comment[start - 1 : start]) and not re.match(r"\w", comment[end : end + 1])
    ]
    found = programme(comments=(pattern,)).named_by(comment)

    assert found == any(fnmatchcase(part.lower(), pattern) for part in alone)
    assert programme(symbols_left_out=(pattern,)).leaves_out(comment) == fnmatchcase(comment.lower(), pattern)


def test_no_pattern_costs_much() -> None:
    began = perf_counter()

    assert not programme(comments=("a*" * 31 + "b",)).named_by("a" * 200)
    assert not programme(symbols_left_out=("a*" * 31 + "b",)).leaves_out("a" * 200)

    assert perf_counter() - began < 1


def test_credit_belongs_to_the_programme_whose_share_of_a_deposit_it_is() -> None:
    assert claims(money(1, 0, "1000"), moved(2, 0.5, "550", "Credit in")) == ["bonus-55"]
    assert claims(money(1, 0, "1000"), moved(2, 0.5, "300", "Credit in")) == ["bonus-30"]
    assert claims(money(1, 0, "1000"), moved(2, 0.5, "310", "Credit in")) == ["None"]
    assert claims(money(1, 0, "1000"), moved(2, 1.5, "550", "Credit in")) == ["None"]
    assert claims(money(1, 0.1, "1000"), moved(2, 0, "550", "Credit in")) == ["None"]
    assert claims(money(1, 0, "33.33"), moved(2, 0, "10", "Credit in")) == ["bonus-30"]
    assert claims(money(1, 0, "3333"), moved(2, 0, "1000", "Credit in"), currency="JPY") == ["bonus-30"]


def test_a_deposit_earns_one_bonus() -> None:
    credit = [moved(ticket, 0.1, "550", "Credit in") for ticket in (2, 3)]

    assert claims(money(1, 0, "1000"), *credit) == ["bonus-55", "None"]


def test_a_comment_goes_before_a_share() -> None:
    assert claims(money(1, 0, "1000"), moved(2, 0, "550", "30%")) == ["bonus-30"]


def test_a_kind_that_a_programme_does_not_look_at_is_not_its_own() -> None:
    gift = programme(kinds=("bonus",))

    assert claims(moved(1, 0, "1", "Gift"), moved(2, 0, "1", "Gift", kind="bonus"), programmes=(gift,)) == [
        "None",
        "gift",
    ]


def test_credit_taken_back_is_cancelled() -> None:
    history = told(moved(1, 0, "550"), moved(2, 5, "-200", "Credit reduced"))

    assert parts(history) == [("200", "0", "350")]
    [ending] = history.endings
    assert (ending.kind, ending.amount, ending.grants, ending.unexplained) == (
        "cancelled",
        Decimal(200),
        {Ticket(1): Decimal(200)},
        NO_MONEY,
    )


def test_credit_that_came_in_as_money_at_once_is_released() -> None:
    history = told(moved(1, 0, "550"), moved(2, 5, "-550", "Bonus"), money(3, 5.0005, "550"))

    assert parts(history) == [("0", "550", "0")]
    assert history.endings[0].kind == "released"


def test_money_that_came_later_or_is_of_another_amount_releases_nothing() -> None:
    for row in (money(3, 5.01, "550"), money(3, 4.99, "550"), money(3, 5, "549"), money(3, 5, "-550")):
        assert parts(told(moved(1, 0, "550"), moved(2, 5, "-550", "Bonus"), row)) == [("550", "0", "0")]


def test_a_row_of_money_releases_one_bonus() -> None:
    history = told(
        *(moved(1, 0, "550"), moved(2, 1, "550"), moved(3, 5, "-550", "out"), moved(4, 5, "-550", "out")),
        money(5, 5, "550"),
    )

    assert [each.kind for each in history.endings] == ["released", "cancelled"]


def test_the_bonus_that_ends_is_the_likeliest() -> None:
    given_ = (moved(1, 0, "300", "30%"), moved(2, 1, "550"), moved(3, 2, "550", "55%"), moved(4, 3, "70", "x"))

    def ended(amount: str, comment: str = "out") -> dict[int, int]:
        [ending] = told(*given_, moved(9, 9, amount, comment)).endings
        return {int(ticket): int(part) for ticket, part in ending.grants.items()}

    assert ended("-70") == {4: 70}
    assert ended("-550") == {2: 550}
    assert ended("-300", "30% cancelled") == {1: 300}
    assert ended("-600", "55%") == {2: 550, 3: 50}
    assert ended("-10") == {1: 10}
    assert ended("-1000", "30%") == {1: 300, 2: 550, 3: 150}


def test_what_no_known_bonus_can_have_been_is_said() -> None:
    history = told(moved(1, 0, "100"), moved(2, 1, "-130"))

    assert (history.endings[0].unexplained, parts(history)) == (Decimal(30), [("100", "0", "0")])


amounts = st.integers(-300, 300).filter(bool).map(lambda cents: Decimal(cents) / 4)
rows = st.lists(st.tuples(amounts, st.sampled_from(["30%", "55%", ""]), st.booleans()), max_size=12)


@given(rows=rows)
def test_nothing_is_lost_whatever_moved(rows: list[tuple[Decimal, str, bool]]) -> None:
    movements = [
        money(ticket, ticket / 5, str(amount)) if cash else moved(ticket, ticket / 5, str(amount), comment)
        for ticket, (amount, comment, cash) in enumerate(rows, 1)
    ]
    history = told(*movements)
    grants, endings = history.grants.values(), history.endings
    credit = sum((amount for amount, _, cash in rows if not cash), NO_MONEY)

    remaining = sum((grant.remaining for grant in grants), NO_MONEY)
    assert remaining - sum((each.unexplained for each in endings), NO_MONEY) == credit
    assert all(0 <= grant.remaining <= grant.amount for grant in grants)
    for ending in endings:
        assert sum(ending.grants.values(), ending.unexplained) == ending.amount > 0
    for kind in ("cancelled", "released"):
        ended = sum((sum(each.grants.values()) for each in endings if each.kind == kind), NO_MONEY)
        assert ended == sum((getattr(grant, kind) for grant in grants), NO_MONEY)
