"""The house rules a machine can see. Those that read the source need no database; the others prepare against one."""

import ast
import inspect
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH

import opencabinet
from opencabinet import app
from opencabinet.db import Connection
from opencabinet.doors import gate
from opencabinet.settings import Settings
from tests import living

ROOT = Path(opencabinet.__file__).parent
TREE = ROOT.parents[1]
MODULES = sorted(ROOT.rglob("*.py"))
STORES = [path for path in MODULES if path.name == "store.py"]
FOREIGN = ROOT / "ingest" / "feeds" / "metatrader" / "queries.py"
"""Asks the databases of others, in the SQL of theirs."""
REVISIONS = ROOT / "db" / "migrations" / "versions"
LONGEST_MODULE = 300
MONEY = {"accounts", "balances", "bonuses", "ingest", "ledger", "market", "partners", "reports", "trades", "valuations"}
"""Rooms that count money."""

SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|LISTEN|CREATE|ALTER|DROP|GRANT|TRUNCATE)\b")
WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_]+)(?=\s+(?:\(|SET|WHERE|SELECT|AS|$)|\n)")
GLOBAL = {
    "servers": "a handful of rows, known before any account is",
    "sources": "the directory from a server's number to a login",
    "tokens": "looked up by what is shown, before the login is known",
    "stream_tickets": "looked up by what is shown; rows last a minute",
    "people": "whoever signs in, before it is known which accounts are theirs",
    "password_codes": "looked up by the code, before anybody is signed in",
    "deletion_requests": "a person's, whatever accounts are theirs",
    "operators": "a handful of people, whatever accounts are theirs",
    "totp_secrets": "a person's, whatever accounts are theirs",
    "passkeys": "a person's, whatever accounts are theirs",
    "recovery_codes": "a person's, whatever accounts are theirs",
    "sessions": "looked up by what is shown, before the person is known",
    "challenges": "a session's, and five minutes old at most",
    "followers": "one row for each follower of the outbox",
    "feed_keys": "of the installation: looked up by what is shown",
    "feeds": "one row for each trading server",
    "feed_rows": "looked up by the number that a server gave, whatever account it belongs to",
    "read_numbers": "of a server's numbers, whatever account they are of",
    "feed_buckets": "of ranges of a server's numbers",
    "parked_rows": "of accounts that are not known yet",
    "instruments": "what can be traded on a server, the same for all its accounts",
    "quotes": "the last price of each instrument",
    "candles": "what the prices of each instrument did",
    "throttles": "guesses are counted for networks too, and for logins that nobody has; rows last minutes",
    "known_networks": "of accounts, and of people, who have no login",
    "seals": "batches of the history of all accounts, in one chain",
    "bonus_programmes": "the operator's rules, the same for all accounts",
    "partner_codes": "looked up by what was typed or clicked, before it is known whose it is",
    "destinations": "the operator's list of where links may lead",
    "applications": "of people who have no account yet",
    "click_counting": "one row: how far clicks are counted",
    "banners": "pictures that any partner may show",
    "news": "what the operator tells everybody",
    "landings": "pages that any partner may lead to",
    "plans": "rules of rewards, the same for all partners",
    "reward_bases": "what workings of all accounts have in common, looked up by its hash",
    "recalculations": "by what plans months of all partners were paid anew",
    "reversals": "its last number tells whoever works out rewards that some were taken back",
}
"""Tables whose primary key does not begin with `login`, and why."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def texts(path: Path) -> Iterator[str]:
    """Give every string of a module but docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documents = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documents:
            yield node.value


def statements(path: Path) -> dict[str, str]:
    """Return the SQL constants of a store by name."""
    module = import_module("opencabinet." + name(path).removesuffix(".py").replace("/", "."))
    return {key: value for key, value in vars(module).items() if key.isupper() and isinstance(value, str)}


ALL = [(path, key, text) for path in STORES for key, text in statements(path).items()]


def test_sql_stands_only_in_stores() -> None:
    elsewhere = [
        f"{name(path)}: {text[:60]}"
        for path in MODULES
        if path not in STORES and path != FOREIGN and REVISIONS not in path.parents and path.name != "env.py"
        for text in texts(path)
        if SQL.search(text)
    ]

    assert elsewhere == []


@pytest.mark.parametrize(("path", "key", "text"), ALL, ids=[f"{name(path)}:{key}" for path, key, _ in ALL])
async def test_every_statement_prepares_against_the_schema(conn: Connection, path: Path, key: str, text: str) -> None:
    del path, key
    prepared = re.sub(r"%\((\w+)\)s", "NULL", text.strip())
    utility = prepared.startswith("LISTEN")

    await conn.execute(prepared if utility else f"PREPARE house AS {prepared}")


def test_the_driver_can_remember_how_statements_are_read() -> None:
    long = {key for _, key, text in ALL if len(text.encode()) > MAX_CACHED_STATEMENT_LENGTH}

    assert long <= {"SAVE_QUOTES", "READ", "SUMS"}, "These are asked for many at once."


def test_a_table_has_one_writer() -> None:
    writers = defaultdict(set)
    for path, _, text in ALL:
        for table in WRITES.findall(text):
            if not table.startswith("staged_"):  # each connection of a feed has its own
                writers[table].add(name(path).split("/")[0])

    assert {table: rooms for table, rooms in writers.items() if len(rooms) > 1} == {}
    assert len(writers) >= 12  # the pattern still finds them


async def test_a_table_of_an_account_leads_its_key_with_login(conn: Connection) -> None:
    first = """
    SELECT conrelid::regclass::text FROM pg_constraint
      JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
     WHERE contype = 'p' AND connamespace = 'public'::regnamespace AND attname <> 'login'
    """

    assert set(await conn.values(first)) == {*GLOBAL, "alembic_version"}


def test_only_the_judge_grants() -> None:
    makers = {name(path) for path in MODULES if re.search(r"\bGranted\(", path.read_text("utf-8"))}

    assert makers == {"access/policy.py"}


def test_every_handler_names_its_need_and_is_documented(settings: Settings) -> None:
    built = living.built(app.build(settings)).litestar
    handlers = [handler for _, handler in gate.served(built)]

    assert len(handlers) >= 9
    for handler in handlers:
        gate.need(handler)
        assert (inspect.getdoc(handler.fn) or "").endswith("."), handler


def test_no_module_outgrows_its_reader() -> None:
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}

    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_money_is_never_a_float() -> None:
    rooms = [path for path in MODULES if path.parts[len(ROOT.parts)] in MONEY]
    floats = [
        f"{name(path)}:{node.lineno}"
        for path in rooms
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Name) and node.id == "float"
    ]

    # Invented prices are made of chance, in whole points; what they come to is counted exactly.
    counted = {place.partition(":")[0] for place in floats if not place.startswith("ingest/feeds/simulator/")}
    assert counted <= {"ingest/workbook.py"}


def test_nothing_committed_names_this_machine_or_a_registry() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=TREE, capture_output=True, text=True, check=True)  # noqa: S607
    homes = [str(TREE), str(Path.home()) + "/"]
    found = []
    for line in tracked.stdout.splitlines():
        path = TREE / line
        if not path.is_file() or path.suffix in {".png", ".svg", ".xlsx"}:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{line}: {home}" for home in homes if home in text]
        if line.startswith("requirements/") and re.search(r"https?://", text):
            found.append(f"{line}: a registry")

    assert found == []
