"""The platform put together: its catalogue, its records and all its processors, as one index."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from deploy import ROOT
from processors.accounts.forget_again import forget_again
from processors.accounts.link_account import link_account
from processors.delivery.order_warming import order_warming
from processors.delivery.warm_edge import warm_edge
from processors.encoding.cancel_encode import cancel_encode
from processors.encoding.direct_encode import direct_encode
from processors.encoding.discard_segments import discard_segments
from processors.encoding.encode_audio import encode_audio
from processors.encoding.encode_chunk import encode_chunk
from processors.encoding.encode_on_gpu import encode_on_gpu
from processors.encoding.extract_texts import extract_texts
from processors.encoding.list_encoded_segments import list_encoded_segments
from processors.encoding.make_pictures import make_pictures
from processors.encoding.measure_ladder import measure_ladder
from processors.encoding.plan_encode import plan_encode
from processors.encoding.publish_video import publish_video
from processors.encoding.show_encode import show_encode
from processors.library.find_videos import find_videos
from processors.library.list_by_owner import list_by_owner
from processors.library.list_captions import list_captions
from processors.library.list_captions_by_owner import list_captions_by_owner
from processors.library.show_timeline import show_timeline
from processors.library.show_video import show_video
from processors.playback.chart_minutes import chart_minutes
from processors.playback.count_views import count_views
from processors.playback.list_watches import list_watches
from processors.playback.note_watch import note_watch
from processors.playback.tally_minutes import tally_minutes
from processors.playback.tally_views import tally_views
from processors.playback.total_views import total_views
from processors.probing.order_probe import order_probe
from processors.probing.probe_source import probe_source
from processors.probing.settle_probe import settle_probe
from processors.rating.score_video import score_video
from processors.rating.settle_rating import settle_rating
from processors.recommending.count_co_watches import count_co_watches
from processors.recommending.pair_watches import pair_watches
from processors.storage.order_clearing import order_clearing
from processors.storage.order_removal import order_removal
from processors.storage.remove_objects import remove_objects
from processors.storage.restore_source import restore_source
from processors.trending.cap_votes import cap_votes
from processors.trending.score_trending import score_trending
from processors.uploads.assemble_upload import assemble_upload
from processors.uploads.introduce_video import introduce_video
from processors.uploads.list_uploads_by_owner import list_uploads_by_owner
from processors.uploads.release_upload import release_upload
from processors.uploads.settle_upload import settle_upload
from processors.uploads.show_upload import show_upload
from streams.catalogue import Catalogue, package
from streams.event import Event
from streams.platform import Platform
from streams.processor import Fold, Processor, Tally, View, Work
from streams.settings import Settings

FOLDS: tuple[Fold, ...] = (
    settle_upload,
    introduce_video,
    order_probe,
    settle_probe,
    plan_encode,
    cancel_encode,
    direct_encode,
    publish_video,
    count_views,
    note_watch,
    pair_watches,
    settle_rating,
    discard_segments,
    score_video,
    link_account,
    forget_again,
    cap_votes,
    score_trending,
    order_warming,
    order_removal,
    order_clearing,
)

VIEWS: tuple[View, ...] = (
    show_upload,
    list_uploads_by_owner,
    show_video,
    list_by_owner,
    list_captions,
    list_captions_by_owner,
    find_videos,
    show_timeline,
    show_encode,
    list_encoded_segments,
    list_watches,
)

TALLIES: tuple[Tally, ...] = (
    total_views,
    tally_views,
    tally_minutes,
    chart_minutes,
    count_co_watches,
)

WORKS: tuple[Work, ...] = (
    assemble_upload,
    release_upload,
    probe_source,
    encode_chunk,
    encode_on_gpu,
    encode_audio,
    extract_texts,
    make_pictures,
    measure_ladder,
    warm_edge,
    remove_objects,
    restore_source,
)

PROCESSORS: tuple[Processor, ...] = (*FOLDS, *VIEWS, *TALLIES, *WORKS)


def platform(settings: Settings | None = None) -> Platform:
    """Everything a process of this platform needs to know; settings from the environment unless given."""
    catalogue = Catalogue.load(ROOT)
    return Platform(
        root=ROOT,
        settings=settings or Settings.from_environment(),
        catalogue=catalogue,
        classes=tuple(records(catalogue)),
        processors=PROCESSORS,
    )


def records(catalogue: Catalogue) -> Iterable[type[Event]]:
    """The generated record of every event in the catalogue."""
    for topic in catalogue.topics.values():
        module = import_module(f"schemas.{package(topic.name)}")
        yield from (getattr(module, name) for name in topic.events)
