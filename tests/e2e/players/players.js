/**
 * Plays a manifest with one of three players: ?player=hls&manifest=master.m3u8&pictures=av01&sound=mp4a
 *
 * Each segment of pictures is taken from another rung than the one before, unless &stay=1. The video starts once all of it is there:
 * what it waits for after that is a seam's or a switch's doing, not a slow machine's.
 */

const asked = Object.fromEntries(new URLSearchParams(location.search));
const video = document.querySelector("video");
const failed = [];
const stalled = [];

const players = {
  hls() {
    const player = new Hls();
    const { ERROR, FRAG_LOADED, MANIFEST_PARSED } = Hls.Events;
    const rungs = () => [...player.levels.keys()].filter((level) => player.levels[level].videoCodec.startsWith(asked.pictures));
    const take = (level) => void (player.loadLevel = level);
    player.on(ERROR, (_, { details }) => failed.push(details));
    player.on(MANIFEST_PARSED, () => take(rungs()[0]));
    player.on(FRAG_LOADED, (_, { frag }) => frag.type === "main" && frag.sn !== "initSegment" && take(after(frag.level, rungs())));
    player.loadSource(asked.manifest);
    player.attachMedia(video);
  },

  dash() {
    const player = dashjs.MediaPlayer().create();
    const { ERROR, FRAGMENT_LOADING_STARTED } = dashjs.MediaPlayer.events;
    const wanted = ({ type, codec }) => codec.includes(type === "video" ? asked.pictures : asked.sound);
    const rungs = () => player.getRepresentationsByType("video").map(({ id }) => id);
    player.updateSettings({
      streaming: {
        abr: { autoSwitchBitrate: { video: false } },
        buffer: { fastSwitchEnabled: false }, // what is buffered stays
      },
    });
    player.setCustomInitialTrackSelectionFunction((tracks) => tracks.filter(wanted));
    player.on(ERROR, ({ error }) => failed.push(error.message));
    player.on(FRAGMENT_LOADING_STARTED, ({ request: { mediaType, type, representation } }) => {
      if (mediaType === "video" && type === "MediaSegment") player.setRepresentationForTypeById("video", after(representation.id, rungs()));
    });
    player.initialize(video, asked.manifest, false, 0);
  },

  async shaka() {
    const player = new shaka.Player();
    const fail = (error) => failed.push(`${error.code} ${error.data}`);
    const rungs = () => player.getVariantTracks().filter(({ videoCodec, audioCodec }) => videoCodec.startsWith(asked.pictures) && audioCodec.startsWith(asked.sound));
    player.addEventListener("error", ({ detail }) => fail(detail));
    for (const jump of ["gapjumped", "stalldetected"]) player.addEventListener(jump, () => failed.push(jump));
    player.addEventListener("segmentappended", ({ contentType }) => {
      const all = rungs();
      if (contentType === "video") player.selectVariantTrack(after(all.find(({ active }) => active), all));
    });
    player.configure({
      abr: { enabled: false },
      preferredVideo: [{ codec: asked.pictures }],
      preferredAudio: [{ codec: asked.sound }],
      streaming: { bufferingGoal: 30, segmentPrefetchLimit: 0 },
    });
    await player.attach(video);
    await player.load(asked.manifest).catch(fail);
  },
};

function after(rung, rungs) {
  return asked.stay ? rung : rungs[(rungs.indexOf(rung) + 1) % rungs.length];
}

function startOnceWhole() {
  const { buffered, duration } = video;
  if (buffered.length === 0 || buffered.end(buffered.length - 1) < duration - 0.1) return;
  video.removeEventListener("progress", startOnceWhole);
  video.addEventListener("playing", () => video.addEventListener("waiting", () => stalled.push(video.currentTime)), { once: true });
  video.play();
}

video.addEventListener("progress", startOnceWhole);
video.addEventListener("error", () => failed.push(video.error.message));
players[asked.player]();
