"""How alike two videos are: by who watched both, and by what is said of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

SHRINK = 10.0  # viewers of both at which half of a similarity is believed
TEXT, TAGS, CATEGORY = 0.5, 0.3, 0.2  # parts of content similarity; they sum to 1


@dataclass(frozen=True)
class About:
    """What a video is about, as its owner describes it. Empty words count as unsaid."""

    tags: frozenset[str] = field(default_factory=frozenset[str])
    category: str = ""
    owner: str = ""


def together(both: int, one: int, other: int) -> float:
    """Similarity of two videos from 0 to 1, by the viewers of both and the views of each.

    Cosine of the videos as vectors over viewers (Deshpande and Karypis, "Item-based top-N recommendation
    algorithms", ACM TOIS 22(1), 2004), shrunk towards 0 where few viewers speak for it: n / (n + SHRINK)
    (Koren, "Factorization meets the neighborhood", KDD 2008, section 2.2). Views that lag behind the pairs
    count as at least as many.
    """
    if both <= 0:
        return 0.0
    return both / math.sqrt(max(one, both) * max(other, both)) * both / (both + SHRINK)


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared words among all words, from 0 to 1; 0 where there are none."""
    return len(one & other) / len(one | other) if one or other else 0.0


def alike(one: About, other: About, text: float = 0.0) -> float:
    """Content similarity from 0 to 1; `text`: how alike their words are, from 0 to 1."""
    category = bool(one.category) and one.category == other.category
    return TEXT * text + TAGS * jaccard(one.tags, other.tags) + CATEGORY * category


def same_shelf(one: About, other: About) -> float:
    """How much two videos side by side are more of the same, from 0 to 1: of tags, category and owner."""
    same = [bool(a) and a == b for a, b in ((one.category, other.category), (one.owner, other.owner))]
    return (jaccard(one.tags, other.tags) + sum(same)) / 3
