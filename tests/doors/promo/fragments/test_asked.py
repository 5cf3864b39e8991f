"""What is asked for is read within bounds, whatever stands in an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from opencabinet.doors.promo.fragments.asked import MOST_FIELDS, Asked, TooManyFields, read
from opencabinet.doors.promo.fragments.look import NARROWEST, WIDEST, read_look
from opencabinet.doors.promo.fragments.spelling import spelled
from opencabinet.doors.promo.fragments.symbols import MOST, wanted


def test_the_first_of_a_name_counts_in_any_case() -> None:
    assert read("Code=ANNE&code=BERT&lang=ar").given == {"code": "ANNE", "lang": "ar"}


def test_more_fields_than_anybody_needs_are_refused() -> None:
    read("&".join(f"f{place}=1" for place in range(MOST_FIELDS)))
    with pytest.raises(TooManyFields):
        read("&".join(f"f{place}=1" for place in range(MOST_FIELDS + 1)))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("code=anne", "ANNE"),
        ("x=ANNE", "ANNE"),
        ("pl=Anne1", "ANNE1"),
        ("part_code=x-anne", "ANNE"),
        ("part_code=anne", "ANNE"),
        ("code=an", None),
        ("code=1ANNE", None),
        ("code=<script>", None),
        ("code=%D0%90%D0%9D%D0%9D%D0%95", None),
        ("code=ANNE%0d%0aSet-Cookie:+a=b", None),
        ("code=" + "A" * 17, None),
        ("", None),
    ],
)
def test_a_code_is_one_or_none(query: str, code: str | None) -> None:
    assert read(query).code() == code


@pytest.mark.parametrize(
    ("told", "width"), [("300", 300), ("1", NARROWEST), ("99999", WIDEST), ("100p", None), ("-5", None), ("٣٠٠", None)]
)
def test_a_width_is_within_bounds(told: str, width: int | None) -> None:
    assert read_look(Asked({"width": told})).width == width


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("https://partner.example", True),
        ("https://Partner.Example:8443", True),
        ("http://partner.example", False),
        ("https://partner.example/", False),
        ("https://partner.example/path", False),
        ("https://user@partner.example", False),
        ("https://partner.example#x", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://-a.example", False),
        ("https://" + "a" * 300, False),
        ("//partner.example", False),
    ],
)
def test_a_host_is_an_origin_of_https_or_it_is_passed_over(host: str, kept: bool) -> None:  # noqa: FBT001
    assert read_look(Asked({"host": host})).host == (host.lower() if kept else None)


@pytest.mark.parametrize("told", ["a" * 65, "a b", 'a"b', "<b>", "a&b", "é"])
def test_an_id_that_could_mean_something_else_is_passed_over(told: str) -> None:
    assert read_look(Asked({"id": told})).id is None
    assert read_look(Asked({"id": "frame-1_a"})).id == "frame-1_a"


def test_symbols_are_listed_in_several_ways() -> None:
    assert wanted(Asked({"symbols": "EURUSD,eurusd, GBPUSD;USD/JPY|#AAPL"})) == ("eurusd", "GBPUSD", "USDJPY", "#AAPL")
    assert len(wanted(Asked({"symbols": ",".join(f"S{place}" for place in range(400))}))) == MOST
    assert wanted(Asked({"symbols": "A" * 65})) == ()


@given(some.text(max_size=300))
def test_nothing_that_is_told_breaks_the_reading(text: str) -> None:
    names = (
        "code",
        "lang",
        "theme",
        "accent",
        "text",
        "background",
        "border",
        "width",
        "id",
        "host",
        "post",
        "symbols",
    )
    asked = Asked(dict.fromkeys(names, text))

    look = read_look(asked)
    assert read_look(Asked(look.fields())) == look
    wanted(asked)


@pytest.mark.parametrize(
    ("path", "name", "given"),
    [
        ("forex_news/informer/sz=300_400&cn=7&x=ANNE", "news", {"width": "300", "count": "7", "x": "ANNE"}),
        ("index.php/forex_news/informer_vscrolling/sz=100p", "news", {"width": "100p"}),
        ("forex_analysis/informer/cn=2", "news", {"category": "analytics", "count": "2"}),
        ("id/exchange_rate/run_inst2", "quotes", {"lang": "id"}),
        ("index.php/en/exchange_rate/run_inst2/ticker=EUR~USD,GBPUSD&w=250", "quotes", {"ticker": "EUR/USD,GBPUSD"}),
        ("index.php/image_creating/informer/width=140&ss=10&ticker=EURUSD&c1=fff", "image", {"ss": "10", "c1": "fff"}),
    ],
)
def test_old_addresses_are_understood(path: str, name: str, given: dict[str, str]) -> None:
    found = spelled(path.split("/"), "r=0.123")

    assert found is not None
    assert found.name == name
    assert found.asked.given["post"] == "number"
    assert given.items() <= found.asked.given.items()


@pytest.mark.parametrize(
    "path",
    [
        "calendar/run/w=300",
        "forex_news",
        "en/forex_news",
        "forex_news/informer/a=b/c=d",
        "index.php/index.php/forex_news/run",
        "instaforex_tv/run_new/100/&r=1",
        "assets/x",
    ],
)
def test_old_addresses_of_what_we_have_not_are_none(path: str) -> None:
    assert spelled(path.split("/"), "") is None
