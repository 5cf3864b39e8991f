"""The definition: what is served equals its golden copy, is valid, and says of each operation what it does."""

import json
import os
import re
from pathlib import Path
from typing import Any, Final

import httpx
import jsonschema_rs
import msgspec
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from opencabinet.access import Machine
from opencabinet.db import Connection
from opencabinet.doors.v1 import openapi, problems
from opencabinet.settings import Settings
from tests.doors.v1 import fuzzing
from tests.doors.v1.asking import METRIC, operations
from tests.doors.v1.examples import changed, newest, shown, tick
from tests.doors.v1.given import BEFORE, QUERIES

GOLDEN: Final = Path(__file__).parents[2] / "golden" / "v1" / "openapi.json"
RECORD: Final = "OPENCABINET_TEST_RECORD"


@pytest.fixture
async def definition(site: httpx.AsyncClient) -> Any:
    """What is served."""
    answer = await site.get("/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json()


async def test_what_is_served_is_what_was_recorded(site: httpx.AsyncClient) -> None:
    served = (await site.get("/v1/openapi.json")).content
    if os.environ.get(RECORD):
        GOLDEN.write_bytes(served)

    assert GOLDEN.read_bytes() == served, f"if that is meant, record it anew: {RECORD}=1"


async def test_it_is_valid_openapi_3_1(definition: Any) -> None:
    assert definition["openapi"].startswith("3.1.")
    errors = [error.message for error in jsonschema_rs.validator_for(OPENAPI_31).iter_errors(definition)]

    assert errors == []
    for name, schema in definition["components"]["schemas"].items():
        jsonschema_rs.meta.validate(schema)
        assert re.fullmatch(r"\w+", name), "A name that clients can be generated from."


async def test_every_reference_leads_somewhere(definition: Any) -> None:
    text = json.dumps(definition)
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    linked = set(re.findall(r'"operationId": "([^"]+)"', text))

    assert named == set(definition["components"]["schemas"])
    assert linked == {operation["operationId"] for operation in fuzzing.operations(definition)}


async def test_every_operation_says_what_it_does(site: httpx.AsyncClient, definition: Any) -> None:
    found = fuzzing.operations(definition)
    tags = {tag["name"] for tag in definition["tags"]}

    assert {each["operationId"] for each in found} == {each.id for each in operations(site)}
    assert {tag for each in found for tag in each["tags"]} == tags
    for each in found:
        assert each["summary"], each["operationId"]
        assert each["description"].startswith(each["summary"]), each["operationId"]
        assert "token" in each["description"] or "feed key" in each["description"] or {} in each["security"], each[
            "operationId"
        ]
        for parameter in each["parameters"]:
            assert parameter["description"].endswith("."), parameter["name"]


async def test_every_answer_and_every_problem_has_an_example(definition: Any) -> None:
    for operation in fuzzing.operations(definition):
        for status, answer in operation["responses"].items():
            assert answer["description"], (operation["operationId"], status)
            for form, content in answer.get("content", {}).items():
                if status == "default" or form in {"text/csv", "text/html", "application/pdf"} or "sheet" in form:
                    continue
                if "statement" not in operation["operationId"] or form == problems.MEDIA_TYPE:
                    assert content.get("example") or content.get("examples"), (operation["operationId"], status)


async def test_every_code_is_said_of_some_status_with_an_example(definition: Any) -> None:
    said = {
        code: example["value"]
        for operation in fuzzing.operations(definition)
        for answer in operation["responses"].values()
        for code, example in answer.get("content", {}).get(problems.MEDIA_TYPE, {}).get("examples", {}).items()
    }
    of_the_server = {"method_not_allowed", "failed"}

    assert set(said) == set(problems.TITLES) - of_the_server
    for code, example in said.items():
        problem = msgspec.convert(example, problems.Detail, strict=True)
        assert (problem.code, problem.title) == (code, problems.TITLES[code])


async def test_every_example_is_one_of_its_type(site: httpx.AsyncClient) -> None:
    for operation in operations(site):
        for name, kind in ((operation.id, operation.answer), (f"{operation.id} asked", operation.body)):
            if kind is not None:
                found = msgspec.convert(openapi.EXAMPLES[name], kind, strict=True)
                if kind is operation.answer:  # of what is asked, not every member must be told
                    assert msgspec.to_builtins(found) == openapi.EXAMPLES[name], name


async def test_every_example_validates_against_its_schema(definition: Any) -> None:
    components = {"components": definition["components"]}
    for operation in fuzzing.operations(definition):
        contents = [answer.get("content", {}) for answer in operation["responses"].values()]
        contents.append(operation.get("requestBody", {}).get("content", {}))
        for content in (each for group in contents for each in group.values()):
            examples = [content["example"]] if "example" in content else []
            examples += [each["value"] for each in content.get("examples", {}).values()]
            for example in examples:
                jsonschema_rs.validate({**content["schema"], **components}, example)


async def test_every_example_has_the_members_of_a_real_answer(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    await fuzzing.account(committed, settings)
    await tick(committed)
    given = (await site.post("/v1/tokens", json=openapi.EXAMPLES["tokens.create_token asked"])).json()
    assert shape(given) == shape(openapi.EXAMPLES["tokens.create_token"])
    site.headers["Authorization"] = f"Bearer {given['access_token']}"
    known = {operation.id: operation for operation in operations(site)}
    for name, body in BEFORE:
        await changed(site, known[name], body)

    for operation in operations(site):
        if operation.verb == "GET" and operation.answer:
            paged = any(each.name == "cursor" for each in operation.parameters)
            query = QUERIES.get(operation.id, "?limit=1" if paged else "")
            where = operation.path.format(login=fuzzing.LOGIN, name=METRIC, id=await newest(site, operation))
            answer = await site.get(where + query, headers=await shown(site, operation))
            assert shape(answer.json()) == shape(openapi.EXAMPLES[operation.id]), operation.id


def shape(given: Any) -> Any:
    """Return the members of an answer without their values; of a list, of its first row.

    What `detail` holds depends on what was done.
    """
    if isinstance(given, dict):
        return {name: "dict" if name == "detail" else shape(value) for name, value in given.items()}
    return [shape(given[0])] if isinstance(given, list) and given else type(given).__name__


async def test_what_is_never_open_is_said_so(site: httpx.AsyncClient, definition: Any) -> None:
    by_id = {each["operationId"]: each for each in fuzzing.operations(definition)}
    for operation in operations(site):
        security = by_id[operation.id]["security"]
        if operation.need is Machine.FEED:
            assert security == [{"feed": []}]
            continue
        private = getattr(operation.need, "private", False)
        assert security == ([{"bearer": []}] if private else [{"bearer": []}, {}])
