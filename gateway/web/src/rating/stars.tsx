/** Five stars: rate, change, withdraw. Under them are radio buttons, so that keys and screen readers know what to do. */

import { useSignal } from "@preact/signals";

import { rate, withdraw } from "../api/ratings.ts";
import { problemFrom, type Problem } from "../api/request.ts";
import { session } from "../api/session.ts";
import type { Rating, Video } from "../api/types.ts";
import { counted } from "../look/format.ts";
import { Icon } from "../look/icon.tsx";
import { say } from "../page/announce.ts";
import { ProblemNote } from "../page/problem.tsx";

const STARS = [1, 2, 3, 4, 5];

interface Props {
  video: Video;
  /** As the numbers of the video have it by now. */
  rating: Rating;
  refresh: () => Promise<void>;
}

export function Stars({ video, rating, refresh }: Props) {
  /** What was chosen here and is on its way into the view; undefined for what the view says. */
  const asked = useSignal<number | null | undefined>(undefined);
  const problem = useSignal<Problem | null>(null);
  const mine = asked.value === undefined ? video.my_stars : asked.value;
  const choose = async (stars: number | null): Promise<void> => {
    asked.value = stars;
    problem.value = null;
    try {
      await (stars === null ? withdraw(video.video_id) : rate(video.video_id, stars));
      await refresh(); // reads its own write
      say(stars === null ? "Rating withdrawn" : `Rated ${counted(stars, "star")}`);
    } catch (error) {
      problem.value = problemFrom(error);
    }
    if (asked.value === stars) asked.value = undefined; // unless another choice was made since
  };
  const open = session.value !== null;
  return (
    <div class="rating" data-testid="rating" data-stars={mine ?? ""}>
      <fieldset class="stars" disabled={!open} aria-describedby={open ? undefined : "stars-why"}>
        <legend class="unseen">Your rating</legend>
        {STARS.map((stars) => (
          <label key={stars} class={mine !== null && stars <= mine ? "star star-on" : "star"} title={counted(stars, "star")}>
            <input type="radio" name="stars" class="unseen" value={stars} checked={stars === mine} aria-label={counted(stars, "star")}
              onChange={() => void choose(stars)} />
            <Icon name="star" />
          </label>
        ))}
      </fieldset>
      <p class="rating-all">{summary(rating)}</p>
      {mine !== null && <button class="link" type="button" onClick={() => void choose(null)}>Withdraw my rating</button>}
      {!open && <p class="rating-all" id="stars-why"><a href="/sign-in">Sign in</a> to rate: each person has one rating, which they can change.</p>}
      {problem.value && <ProblemNote problem={problem.value} />}
    </div>
  );
}

function summary(rating: Rating): string {
  if (rating.count === 0 || rating.mean === null) return "Not rated yet";
  return `${rating.mean.toFixed(1)} of 5 · ${counted(rating.count, "rating")}`;
}
