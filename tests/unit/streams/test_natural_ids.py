"""Ids made of what names a fact are UUIDs of version 5, whatever is named."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from streams.event import NAMESPACE, natural_id


@given(st.lists(st.one_of(st.text(), st.integers(), st.uuids())))
def test_an_id_is_a_uuid5_of_its_parts(parts: list[object]) -> None:
    assert natural_id(*parts) == str(uuid.uuid5(NAMESPACE, "\x1f".join(map(str, parts))))
