"""Captions as people have them, and what becomes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.media.captions import MOST_BYTES, BadCaptions, captions
from processors.media.cues import MAPPED, Cue, safe_text, webvtt

SRT = "1\n00:00:00,500 --> 00:00:01,500\nGrüße, <i>Ana</i>\n\n2\n00:01:02,000 --> 00:01:03,250\nTwo\nlines\n"
CUES = [
    Cue(start_ms=500, end_ms=1500, text="Grüße, <i>Ana</i>"),
    Cue(start_ms=62_000, end_ms=63_250, text="Two\nlines"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_subrip_is_read_in_every_encoding(encoding: str):
    assert captions(SRT.encode(encoding)) == CUES


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_every_system(ending: str):
    assert captions(SRT.replace("\n", ending).encode()) == CUES


def test_webvtt_keeps_its_settings_and_drops_comments_styles_and_names():
    file = (
        "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { background: url(https://evil.example) }\n\nNOTE\nmine\n\n"
        "first\n00:01.000 --> 00:02.000 line:0 position:20%,center onclick:1\n<v Bob>Hi</v> <c.red>there</c>\n"
    )
    settings = "line:0 position:20%,center"
    assert captions(file.encode()) == [
        Cue(start_ms=1000, end_ms=2000, text="<v Bob>Hi</v> <c>there</c>", settings=settings)
    ]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<i onclick=x>slanted", "<i>slanted</i>"),
        ("<i>a<b>b</i>c</b>", "<i>a<b>b</b></i>c"),
        ("<v A&B>x", "<v A&amp;B>x</v>"),
        ("x --> y", "x --&gt; y"),
        ("&lt;b&gt; &copy;", "&lt;b&gt; ©"),
        ("one\n\n\x00two", "one\ntwo"),
        ("<00:00:01.000>sung", "sung"),
    ],
)
def test_only_styling_is_left_of_markup(given: str, kept: str):
    assert safe_text(given) == kept


def test_tags_are_nested_sixteen_deep_at_most():
    assert safe_text("<b>" * 100_000 + "x" + "</i></b>" * 100_000) == "<b>" * 16 + "x" + "</b>" * 16


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no captions"),
        (b"WEBVTT\n\n", "holds no captions"),
        (b"once upon a time", "Line 1: 'once upon a time' should be a time"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n2\nx\n", "Line 5: '2' should be a time"),
        (b"1\n00:00:01 --> 00:00:02\nx", "Line 2: '00:00:01 --> 00:00:02' is no time"),
        (b"1\n00:00:02,000 --> 00:00:01,000\nx", "Line 2: '00:00:02,000 --> 00:00:01,000' must end after"),
        (b"1\n99:00:00,000 --> 99:00:01,000\nx", "within 24 hours"),
        (b"00:01.000 --> 00:02.000\n" + b"x" * 10_001, "Line 1: a caption of 10,001 characters; 10,000 are the most"),
        (b"x" * (MOST_BYTES + 1), "larger than 2 MiB"),
        (bytes(range(256)) * 8, "Line 1"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(data: bytes, said: str):
    with pytest.raises(BadCaptions, match=said.replace("(", r"\(")):
        captions(data)


def test_the_file_starts_with_its_place_on_the_timeline():
    assert webvtt(CUES[::-1]).decode() == (
        f"WEBVTT\n{MAPPED}\n\n00:00:00.500 --> 00:00:01.500\nGrüße, <i>Ana</i>\n\n"
        "00:01:02.000 --> 00:01:03.250\nTwo\nlines\n\n"
    )


def test_what_was_written_is_read_as_it_was():
    assert captions(webvtt(CUES)) == CUES


@given(st.text(max_size=200))
def test_no_text_breaks_out_of_its_cue(text: str):
    kept = safe_text(text)

    assert "-->" not in kept
    assert "\n\n" not in kept
    assert safe_text(kept) == kept
