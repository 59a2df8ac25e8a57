"""What a client claims against what the store holds."""

from __future__ import annotations

from gateway.uploads.bodies import ClaimedPart, HeldPart
from gateway.uploads.plan import Layout
from gateway.uploads.stored import faults

HOW = Layout("multipart", 25, 10, 3)
HELD = [HeldPart(1, "a", 10), HeldPart(2, "b", 10), HeldPart(3, "c", 5)]


def claims(**etags: str) -> list[ClaimedPart]:
    return [ClaimedPart(int(name[1:]), etag) for name, etag in etags.items()]


def test_a_whole_upload_has_no_faults_with_or_without_claims() -> None:
    assert faults([], HELD, HOW) == []
    assert faults(claims(p1='"a"', p2="b", p3="c"), HELD, HOW) == []


def test_a_part_that_was_not_sent_is_named() -> None:
    assert [e.field for e in faults([], HELD[:1] + HELD[2:], HOW)] == ["parts[1]"]


def test_a_part_that_was_cut_off_is_named() -> None:
    assert "4 bytes" in faults([], [*HELD[:2], HeldPart(3, "c", 4)], HOW)[0].detail


def test_another_etag_is_a_fault() -> None:
    assert [e.field for e in faults(claims(p1="a", p2="x", p3="c"), HELD, HOW)] == ["parts[1].etag"]


def test_claims_must_name_every_part_once() -> None:
    assert faults(claims(p1="a", p2="b"), HELD, HOW)[0].detail == "does not name part 3"
    assert faults([*claims(p1="a"), *claims(p1="a", p2="b")], HELD, HOW)[0].detail == "names a part twice"
    assert faults(claims(p9="a"), HELD, HOW)[0].field == "parts[0].number"


def test_thousands_of_faults_are_cut_short() -> None:
    assert len(faults([], [], Layout("multipart", 10_000, 1, 10_000))) == 20
