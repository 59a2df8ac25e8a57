"""Why media are refused. The edge answers with the same documents where it refuses by itself."""

from __future__ import annotations

from gateway.problems import Problem

SHORTLY = {"Cache-Control": "public, max-age=1"}  # the same for all who ask: a crowd's question reaches us once


def forged() -> Problem:
    return Problem(403, "forged-link", "This link is not for this video.", "Ask for the video again.")


def expired() -> Problem:
    return Problem(410, "expired-link", "This link has expired.", "Ask for the video again.")


def deleted() -> Problem:
    return Problem(410, "deleted", "This video has been deleted.", "Watch another one.", headers=SHORTLY)


def unknown(path: str) -> Problem:
    detail = f"There is no media file {path[:80]}."
    return Problem(404, "not-found", detail, "Follow the links of the video's manifests.", headers=SHORTLY)


def not_playable(path: str) -> Problem:
    detail = f"There is no {path} yet."
    return Problem(404, "not-playable", detail, "Ask again soon.", retry_after=1, headers=SHORTLY)


def no_picture(path: str) -> Problem:
    detail = f"There is no {path} yet."
    return Problem(404, "no-picture", detail, "Ask again soon.", retry_after=2, headers=SHORTLY)
