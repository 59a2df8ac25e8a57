"""What a title is completed to."""

from __future__ import annotations

import pytest

from tests.integration.finding.conftest import Shelf

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_titles_complete_from_the_first_letters(shelf: Shelf, word: str) -> None:
    await shelf.put(title=f"{word.capitalize()} harbour at dawn")
    for typed in (word[:7], word, f"{word} ha", f"{word} harbour a", f"{word} harbour at da", f"dawn {word} h"):
        assert f"{word.capitalize()} harbour at dawn" in await shelf.titles(typed, limit=20), typed


async def test_one_letter_is_enough(shelf: Shelf) -> None:
    await shelf.put(title="Ωmega rising")
    assert "Ωmega rising" in await shelf.titles("ω", limit=20)


async def test_accents_and_case_do_not_matter(shelf: Shelf, word: str) -> None:
    await shelf.put(title=f"{word} Über Ængelholm")
    assert await shelf.titles(f"{word} UBER aeng") == [f"{word} Über Ængelholm"]


async def test_a_title_comes_once_and_its_words_all_count(shelf: Shelf, word: str) -> None:
    for _ in range(3):
        await shelf.put(title=f"{word} lesson")
    await shelf.put(title=f"{word} lecture")
    assert sorted(await shelf.titles(word)) == [f"{word} lecture", f"{word} lesson"]
    assert await shelf.titles(f"{word} lec") == [f"{word} lecture"]


async def test_a_typo_in_a_finished_word_is_forgiven(shelf: Shelf, word: str) -> None:
    await shelf.put(title=f"{word} harbour lights")
    assert await shelf.titles(f"{word} habour li") == [f"{word} harbour lights"]
