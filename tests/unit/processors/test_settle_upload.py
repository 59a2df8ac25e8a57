"""Complete, abort and expiry race each other; the log's order settles it."""

from __future__ import annotations

import pytest

from processors.retries import ATTEMPTS
from processors.uploads.settle_upload import LATE, settle_upload
from schemas.upload_tasks import AssembleRequested, ReleaseRequested
from schemas.uploads import (
    AbortRequested,
    AssemblyFailed,
    CompletionRefused,
    CompletionRequested,
    Part,
    SourceIncomplete,
    SourceStored,
    UploadAborted,
    UploadCompleted,
    UploadExpired,
    UploadStarted,
)
from streams.event import Event, days, hours, natural_id
from streams.harness import Topology

VIDEO = "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11"
SETTLED = (UploadCompleted, UploadAborted, UploadExpired, CompletionRefused)


def started(expires_at: int = hours(24)) -> UploadStarted:
    return UploadStarted(
        event_id=natural_id("start"),
        video_id=VIDEO,
        owner="acct-1",
        filename="a.mp4",
        size=10,
        content_type="video/mp4",
        kind="multipart",
        store_key=f"sources/{VIDEO}",
        store_upload_id="u1",
        part_size=5,
        part_count=2,
        expires_at=expires_at,
        title="A",
    )


def complete(name: str = "c1") -> CompletionRequested:
    return CompletionRequested(
        event_id=natural_id(name), video_id=VIDEO, parts=(Part(number=1, etag="x"), Part(number=2, etag="y"))
    )


def abort() -> AbortRequested:
    return AbortRequested(event_id=natural_id("abort"), video_id=VIDEO)


def stored(task: AssembleRequested) -> SourceStored:
    return SourceStored(event_id=natural_id(task.task_id, "stored"), video_id=VIDEO, etag="z", size=10)


def incomplete(task: AssembleRequested) -> SourceIncomplete:
    return SourceIncomplete(
        event_id=natural_id(task.task_id, "incomplete"), video_id=VIDEO, code="part-missing", reason="Send part 2."
    )


def upload(*events: Event) -> Topology:
    topology = Topology([settle_upload], clock=0)
    for event in (started(), *events):
        topology.post(event)
    return topology


def settled(topology: Topology) -> list[type[Event]]:
    return [type(event) for event in topology.log("uploads") if isinstance(event, SETTLED)]


def tasks(topology: Topology) -> list[Event]:
    return topology.log("upload-tasks")


def released(topology: Topology) -> list[ReleaseRequested]:
    return [task for task in tasks(topology) if isinstance(task, ReleaseRequested)]


def assemble(topology: Topology) -> AssembleRequested:
    return [task for task in tasks(topology) if isinstance(task, AssembleRequested)][-1]


def test_a_verified_completion_completes_the_upload() -> None:
    topology = upload(complete())
    topology.post(stored(assemble(topology)))
    assert settled(topology) == [UploadCompleted]


def test_the_parts_of_a_completed_upload_are_freed_and_the_source_stays() -> None:
    topology = upload(complete())
    topology.post(stored(assemble(topology)))
    freed = [task.source_stays for task in tasks(topology) if isinstance(task, ReleaseRequested)]
    assert freed == [True]
    assert [t.source_stays for t in tasks(upload(abort())) if isinstance(t, ReleaseRequested)] == [False]


@pytest.mark.parametrize("end", ["completed", "aborted", "expired"])
def test_parts_that_are_put_after_the_end_are_freed_when_none_can_be_put_any_more(end: str) -> None:
    topology = upload(*{"completed": [complete()], "aborted": [abort()], "expired": []}[end])
    if end == "completed":
        topology.post(stored(assemble(topology)))
    if end == "expired":
        topology.advance(hours(24))
    topology.advance(LATE - 1)
    assert len(released(topology)) == 1
    topology.advance(days(2))
    first, second = released(topology)
    assert first.task_id != second.task_id
    assert (first.source_stays, second.source_stays) == (end == "completed",) * 2


def test_a_completion_asked_twice_is_assembled_once() -> None:
    topology = upload(complete("c1"), complete("c1"), complete("c2"))
    assert len(tasks(topology)) == 1
    topology.post(stored(assemble(topology)))
    topology.post(stored(assemble(topology)))
    assert settled(topology) == [UploadCompleted]


def test_an_abort_before_the_completion_wins() -> None:
    topology = upload(abort(), complete())
    assert settled(topology) == [UploadAborted, CompletionRefused]
    assert [type(task) for task in tasks(topology)] == [ReleaseRequested]


def test_an_abort_during_the_completion_loses_if_the_completion_succeeds() -> None:
    topology = upload(complete(), abort())
    topology.post(stored(assemble(topology)))
    assert settled(topology) == [UploadCompleted]


def test_an_abort_during_the_completion_wins_if_the_completion_fails() -> None:
    topology = upload(complete(), abort())
    topology.post(incomplete(assemble(topology)))
    assert settled(topology) == [UploadAborted]


def test_an_upload_nobody_finishes_expires_and_is_freed() -> None:
    topology = upload()
    topology.advance(hours(25))
    assert settled(topology) == [UploadExpired]
    assert [type(task) for task in tasks(topology)] == [ReleaseRequested]


def test_a_completed_upload_does_not_expire() -> None:
    topology = upload(complete())
    topology.post(stored(assemble(topology)))
    topology.advance(hours(25))
    assert settled(topology) == [UploadCompleted]


def test_a_refused_completion_leaves_the_upload_open_and_can_be_asked_again() -> None:
    topology = upload(complete("c1"))
    topology.post(incomplete(assemble(topology)))
    topology.post(complete("c2"))
    topology.post(stored(assemble(topology)))
    assert settled(topology) == [CompletionRefused, UploadCompleted]


def test_the_same_fault_is_reported_again_when_it_is_found_again() -> None:
    topology = upload(complete("c1"))
    topology.post(incomplete(assemble(topology)))
    topology.post(complete("c2"))
    topology.post(incomplete(assemble(topology)))
    assert settled(topology) == [CompletionRefused, CompletionRefused]


def test_a_refused_completion_still_expires() -> None:
    topology = upload(complete())
    topology.post(incomplete(assemble(topology)))
    topology.advance(hours(25))
    assert settled(topology) == [CompletionRefused, UploadExpired]


def test_a_failing_store_is_asked_again_and_then_said() -> None:
    topology = upload(complete())
    for attempt in range(1, ATTEMPTS + 1):
        task = assemble(topology)
        assert task.attempt == attempt
        failure = AssemblyFailed(
            event_id=natural_id(task.task_id, "failed"), video_id=VIDEO, error="down", attempt=attempt
        )
        topology.post(failure)
        topology.advance(hours(0.1))
    assert settled(topology) == [CompletionRefused]


def test_a_completion_of_an_upload_nobody_started_is_refused() -> None:
    topology = Topology([settle_upload], clock=0)
    topology.post(complete())
    assert settled(topology) == [CompletionRefused]
