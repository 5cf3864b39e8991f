"""What an applicant may say, and what is refused, member by member."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencabinet.onboarding import BadApplication, Rules, Wanted, countries
from tests.onboarding.test_applications import wanted

RULES = Rules(currencies=("USD", "EUR"))
BAD = [
    *(("name", each) for each in ("", "  ", "x" * 129, "a\nb", "a\0b", "\u202eabc", "a\ud800")),
    *(("email", each) for each in ("", "x", "@", "a@", "@b", "a b@c", "a@b\n", "a" * 250 + "@b.de", "a\0@b", "a@b c")),
    *(("country", each) for each in ("", "D", "XX", "DEU", "ZZ", "D1", "дe", "\0\0")),
    *(("phone", each) for each in ("12", "x", "+", "1" * 41, "1234\n5678", "٠١٢٣٤٥٦")),
    *(("currency", each) for each in ("", "GBP", "US", "USDX", "\0\0\0")),
    *(("language", each) for each in ("", "english", "e", "en_GB", "en-", "EN", "en-GB-x", "en\n", "en-" + "x" * 9)),
    *(("account_type", each) for each in ("x" * 41, "a\tb", "a\0")),
    *((name, each) for name in ("code", "click", "keyword") for each in ("x" * 65, "a\nb", "a\0", "\u2028")),
]


@pytest.mark.parametrize(("member", "text"), BAD)
def test_what_cannot_be_right_is_refused_and_says_where(member: str, text: str) -> None:
    given_ = {"email": text} if member == "email" else {member: text}

    if (member, text) == ("email", "a@b\n"):
        assert wanted(**given_).read(RULES).email == "a@b", "What is around an address is left out."
        return
    with pytest.raises(BadApplication, match=f"^`{member}`: ") as refused:
        wanted(**given_).read(RULES)
    assert refused.value.member == member


@pytest.mark.parametrize("leverage", [0, -1, 5001, 10**12])
def test_a_leverage_is_within_bounds(leverage: int) -> None:
    with pytest.raises(BadApplication, match=r"^`leverage`"):
        Wanted(name="A", email="a@b", country="DE", leverage=leverage).read(RULES)


@pytest.mark.parametrize("subs", [("a",) * 6, ("x" * 65,), ("a\0",)])
def test_subs_are_few_and_short(subs: tuple[str, ...]) -> None:
    with pytest.raises(BadApplication, match=r"^`subs`"):
        Wanted(name="A", email="a@b", country="DE", subs=subs).read(RULES)


def test_every_country_is_known() -> None:
    assert len(countries()) > 240
    assert {"DE", "RU", "ID", "NG", "MY"} <= countries()


@settings(max_examples=500, deadline=None)
@given(
    st.builds(
        Wanted,
        name=st.text(max_size=200),
        email=st.text(max_size=300) | st.emails(),
        country=st.text(max_size=3) | st.sampled_from(["DE", "fr"]),
        phone=st.text(max_size=50) | st.just(""),
        leverage=st.none() | st.integers(),
        language=st.text(max_size=14) | st.just("en"),
        code=st.text(max_size=70),
        click=st.text(max_size=70),
        subs=st.lists(st.text(max_size=70), max_size=6).map(tuple),
    )
)
def test_whatever_is_said_is_read_or_refused_and_what_is_read_is_read_the_same_again(said: Wanted) -> None:
    try:
        kept = said.read(RULES)
    except BadApplication:
        return
    assert kept.read(RULES) == kept
    for text in (kept.name, kept.email, kept.phone, kept.code, kept.click, *kept.subs):
        assert text.isprintable()
        text.encode()
