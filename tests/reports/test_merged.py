from collections.abc import AsyncGenerator

from hypothesis import given
from hypothesis import strategies as st

from opencabinet.reports.gather import merged


async def source(batches: list[list[int]]) -> AsyncGenerator[list[int], None]:
    for batch in batches:
        yield batch


@given(st.lists(st.lists(st.lists(st.integers()), max_size=4), max_size=4))
async def test_several_lists_become_one_in_order(lists: list[list[list[int]]]) -> None:
    flat = [sorted(row for batch in batches for row in batch) for batches in lists]
    cut = []
    for rows, batches in zip(flat, lists, strict=True):
        left = iter(rows)
        cut.append([[next(left) for _ in batch] for batch in batches])  # some batches are empty

    found = [row async for batch in merged([source(batches) for batches in cut], key=lambda row: row) for row in batch]

    assert found == sorted(row for rows in flat for row in rows)
