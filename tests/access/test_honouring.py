"""What the open level leaves out is left out, or what cannot be told without it is closed to strangers."""

from hypothesis import given
from hypothesis import strategies as st

from opencabinet.access import Ask, Function, Grant, Ground, Hidden, Kind, Level, Policy, Redaction, Rule, judge
from opencabinet.access.honouring import PARTS, TABLE, Honoured, Part, honoured, unshowable
from opencabinet.access.model import Bearer
from opencabinet.kernel.ids import Login
from tests import make

LOGIN = Login(7_000_001)
NOBODY = Grant(shown=False)
redactions = st.builds(
    Redaction,
    hide=st.frozensets(st.sampled_from(Hidden)),
    delay_minutes=st.sampled_from([0, 15]),
    closed_only=st.booleans(),
    without_symbols=st.sampled_from([frozenset[str](), frozenset({"XAUUSD"})]),
)
functions = st.sampled_from(Function)


def asked(function: Function) -> Ask:
    return Ask(login=LOGIN, function=function, address=None, origin="https://one.example", at=make.NOW)


def shown(function: Function, kind: Kind) -> Grant:
    return Grant(True, Bearer(LOGIN, function.family, kind, origins=("https://one.example",)))  # noqa: FBT003 - that it is shown


def opened(redaction: Redaction) -> Policy:
    return Policy(default=Rule(level=Level.OPEN, redaction=redaction))


def test_every_function_says_how_it_honours_every_part() -> None:
    assert set(TABLE) == set(Function)
    assert {len(row) for row in TABLE.values()} == {len(Part)}
    for function in filter(lambda each: each.private, Function):
        assert {honoured(function, part) for part in Part} == {Honoured.UNTOUCHED}


@given(redactions, functions)
def test_strangers_are_given_what_can_be_told_without(redaction: Redaction, function: Function) -> None:
    decision = judge(NOBODY, opened(redaction), asked(function))
    closed = function.private or any(honoured(function, part) is Honoured.REFUSED for part in redaction.parts)

    assert (decision.granted is None) == closed
    assert decision.ground is (Ground.NOTHING_SHOWN if closed else None)
    assert closed or decision.redaction == redaction


@given(redactions, functions)
def test_a_refusal_names_its_rule(redaction: Redaction, function: Function) -> None:
    untold = unshowable(function, redaction.parts)
    decision = judge(NOBODY, opened(redaction), asked(function))

    assert function.private or all(part in decision.rule for part in untold)
    assert decision.row in {"default", "credential"}


@given(redactions, functions)
def test_the_owner_is_given_all(redaction: Redaction, function: Function) -> None:
    for kind in (Kind.LEGACY, Kind.BEARER, Kind.SERVER):
        decision = judge(shown(function, kind), opened(redaction), asked(function))
        assert (decision.granted, decision.redaction) == (LOGIN, Redaction())


@given(redactions, functions)
def test_a_publishable_key_opens_what_strangers_are_given(redaction: Redaction, function: Function) -> None:
    stranger = judge(NOBODY, opened(redaction), asked(function))
    key = judge(shown(function, Kind.PUBLISHABLE), opened(redaction), asked(function))

    assert (key.granted, key.redaction) == (stranger.granted, stranger.redaction)
    assert key.ground is (None if key.granted else Ground.RULE)


@given(redactions)
def test_what_is_left_out_is_known_by_its_parts(redaction: Redaction) -> None:
    assert redaction.nothing == (not redaction.parts)
    assert redaction.parts <= set(PARTS)
