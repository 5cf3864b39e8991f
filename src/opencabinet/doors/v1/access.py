"""Who may read an account: the matrix, and seeing before saving."""

from collections.abc import Coroutine
from itertools import product
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import SplitResult

from litestar import Request
from msgspec import Meta, Struct

from opencabinet import access, accounts
from opencabinet.access import Address, Ask, Change, Credential, Function, Policy
from opencabinet.access.rules.document import LONGEST_MASK, LeftOut, PolicyDocument
from opencabinet.doors import caller, preview
from opencabinet.doors.gate import presented
from opencabinet.doors.v1 import answers
from opencabinet.doors.v1.operation import Call, read, write
from opencabinet.doors.v1.policy import AccessPolicy, MaskSeen, Row, masks
from opencabinet.doors.v1.problems import Invalid
from opencabinet.doors.v1.query import one_of
from opencabinet.doors.v1.tokens import bearer

MOST_ADDRESSES: Final = 10
LONGEST_ORIGIN: Final = 200
LONGEST_TARGET: Final = 2048
CONFIRM: Final = one_of("confirm", ("lockout",), "Save it even though you could not read by it from where you are.")
Proposal = Annotated[
    PolicyDocument | None, Meta(description="The policy to look at; the one that is set, unless told.")
]
Text = Annotated[str, Meta(min_length=1, max_length=LONGEST_MASK)]


class Simulation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is thought of: every function, address and credential is combined with every other.

    All functions unless told; your own address unless told, and null is an address that is not known.
    """

    policy: Proposal = None
    functions: Annotated[list[Function], Meta(max_length=len(Function))] = []
    addresses: Annotated[list[Text | None], Meta(max_length=MOST_ADDRESSES)] = []
    credentials: Annotated[list[Credential], Meta(max_length=len(Credential))] = []
    origin: Annotated[str, Meta(max_length=LONGEST_ORIGIN)] | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """What the judge says: whether it is granted, which row decided, and what would be left out."""

    function: Function
    address: str | None
    credential: Credential
    granted: bool
    decided_by: str
    rule: str
    left_out: LeftOut

    @classmethod
    def of(cls, policy: Policy, ask: Ask, credential: Credential) -> Self:
        """Ask the judge."""
        decision = access.simulate(policy, ask, credential)
        return cls(
            function=ask.function,
            address=None if ask.address is None else str(ask.address),
            credential=credential,
            granted=decision.granted is not None,
            decided_by=decision.row,
            rule=decision.rule,
            left_out=LeftOut.of(decision.redaction),
        )


class Simulated(Struct, frozen=True, kw_only=True):
    """Who could read what."""

    login: int
    data: list[Outcome]


class Glance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a stranger asks for: a path of this server with its query, from an address if told."""

    path: Annotated[str, Meta(min_length=1, max_length=LONGEST_TARGET, examples=["/v1/accounts/1001001/balance"])]
    address: Text | None = None
    policy: Proposal = None


class Glimpse(Struct, frozen=True, kw_only=True):
    """What a stranger is answered: the status, the headers, and the body to the byte."""

    login: int
    status: int
    headers: dict[str, str]
    body: str


class Proposed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy to compare with the one that is set."""

    policy: PolicyDocument


class Changed(Struct, frozen=True, kw_only=True):
    """What a policy would change for a function.

    `effect`: `wider` (some gain it), `narrower` (some lose it), `other` (both), `view` (the same readers see more or
    less of it), `words` (only the note, the end or the row changes).
    """

    function: Function
    before: Row
    after: Row
    effect: Literal["wider", "narrower", "other", "view", "words"]

    @classmethod
    def of(cls, change: Change) -> Self:
        """Say a change."""
        return cls(
            function=change.function,
            before=Row.of(change.function, change.before),
            after=Row.of(change.function, change.after),
            effect=change.effect,
        )


class Difference(Struct, frozen=True, kw_only=True):
    """What saving a policy would change, and what you could not read any more from where you are."""

    login: int
    data: list[Changed]
    locks_you_out_of: list[Function]
    masks: list[MaskSeen]
    warnings: list[str]


def asked(call: Call) -> Ask:
    """Return the question of whoever looks at or saves a policy."""
    return caller.asked(call.request, call.login, Function.ACCESS)


async def said(call: Call) -> AccessPolicy:
    """Say the policy that is set."""
    policy = await access.policy(call.conn, call.login)
    changed_at = await access.changed_at(call.conn, call.login)
    return AccessPolicy.of(call.login, policy, changed_at, asked(call))


@read("/accounts/{login}/access-policy", tag="access", need=Function.ACCESS, answer=AccessPolicy)
async def show_policy(call: Call) -> AccessPolicy:
    """Show who may read the account, function by function.

    Its `ETag` is what a change must show as `If-Match`, wherever it was read from.
    """
    async with call.conn.snapshot():
        await accounts.existing(call.conn, call.login)
        return await said(call)


@write(
    "PUT",
    "/accounts/{login}/access-policy",
    tag="access",
    need=Function.ACCESS,
    answer=AccessPolicy,
    body=PolicyDocument,
    parameters=(CONFIRM,),
    tagged=True,
    refusals=(409, 412, 428),
)
async def set_policy(call: Call, document: PolicyDocument) -> AccessPolicy:
    """Set who may read the account; it counts from the next request on.

    `If-Match` shows which policy it replaces, so that nobody's change is lost: an `ETag` as it was answered, no weak
    one and no `*`. A policy by which you could not read from where you are is refused unless `confirm=lockout` says
    that you mean it.
    """
    policy = document.policy
    async with call.conn.transaction():
        await access.lock(call.conn, call.login)
        await access.standing(call.conn, caller.bearer(call.request))
        answers.match(call.request, await said(call))
        saver = None if call.query["confirm"] else asked(call)
        await access.set_policy(call.conn, call.login, policy, saver=saver, source=caller.source(call.request))
        return await said(call)


@write(
    "POST",
    "/accounts/{login}/access-policy/simulate",
    tag="access",
    need=Function.ACCESS,
    answer=Simulated,
    body=Simulation,
    fresh=False,
)
async def simulate(call: Call, given: Simulation) -> Simulated:
    """Say who could read what, under the policy that is set or under another one.

    The same judge decides who lets readers in.
    """
    policy, own = await looked_at(call, given.policy), asked(call)
    thought_of = product(
        given.functions or Function,
        [address(each) for each in given.addresses] or [own.address],
        given.credentials or (Credential.NONE, Credential.PASSWORD),
    )
    return Simulated(
        login=call.login,
        data=[
            Outcome.of(
                policy, Ask(login=call.login, function=each, address=where, origin=given.origin, at=own.at), credential
            )
            for each, where, credential in thought_of
        ],
    )


@write(
    "POST",
    "/accounts/{login}/access-policy/preview",
    tag="access",
    need=Function.ACCESS,
    answer=Glimpse,
    body=Glance,
    fresh=False,
    refusals=(422,),
)
async def preview_policy(call: Call, given: Glance) -> Coroutine[Any, Any, Glimpse]:
    """Show exactly what a stranger is answered, under the policy that is set or under another one.

    You see only what you may read yourself, from where you are and with what you show: what is off, say, you open for
    yourself first. It costs you what the answer costs its reader, and nobody else anything; so the answer's headers are
    a stranger's but for those that tell of budgets, which are absent.
    """
    policy, looker = await looked_at(call, given.policy), caller.Looker(call.request, *presented(call.request, bearer))
    proposed = caller.Proposed(call.login, policy, looker)
    return glimpse(call.request, preview.target(given.path), proposed, address(given.address))


async def glimpse(
    request: Request[Any, Any, Any], target: SplitResult, proposed: caller.Proposed, where: Address | None
) -> Glimpse:
    """Look at an answer: it takes a connection of its own, so whoever waits for it must hold none."""
    places: preview.Places = request.app.state.looking
    with places.take():
        found = await preview.look(request.app.state.whole, target, proposed, where, request.scope["scheme"])
    body = found.body.decode("utf-8", "replace")
    return Glimpse(login=proposed.login, status=found.status, headers=dict(found.headers), body=body)


@write(
    "POST",
    "/accounts/{login}/access-policy/diff",
    tag="access",
    need=Function.ACCESS,
    answer=Difference,
    body=Proposed,
    fresh=False,
)
async def compare_policies(call: Call, given: Proposed) -> Difference:
    """Show what saving a policy would change: who gains a function, who loses it, and what to think over."""
    after, own = given.policy.policy, asked(call)
    access.check(after, own.at)
    before = await access.policy(call.conn, call.login)
    return Difference(
        login=call.login,
        data=[Changed.of(each) for each in access.difference(call.login, before, after, own.at)],
        locks_you_out_of=access.locked_out(after, own),
        masks=masks(after, own.address),
        warnings=list(access.warnings(after)),
    )


async def looked_at(call: Call, proposal: PolicyDocument | None) -> Policy:
    """Return the policy that is proposed, or else the one that is set."""
    if proposal is None:
        return await access.policy(call.conn, call.login)
    policy = proposal.policy
    access.check(policy, call.now)
    return policy


def address(text: str | None) -> Address | None:
    """Read an address, and None as one that is not known.

    Raises:
        Invalid: if it is none.
    """
    found = None if text is None else access.address(text)
    if text is not None and found is None:
        raise Invalid("address", "Give an address (203.0.113.7), or null for one that is not known.")
    return found
