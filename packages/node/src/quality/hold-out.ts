/** Good pictures that are held out to compare models on. */

/** The pictures of a training, divided. */
export interface HeldOut {
  readonly rest: readonly string[];
  readonly held: readonly string[];
}

/** Most pictures that are held out, and the largest share of all. */
const MOST = 40;
const SHARE = 1 / 3;

/** Every so many pictures one is held out, from all over the list; none of fewer than six. */
export function holdOut(pictures: readonly string[]): HeldOut {
  const count = pictures.length < 6 ? 0 : Math.min(MOST, Math.floor(pictures.length * SHARE));
  const isHeld = (i: number) =>
    Math.floor(((i + 1) * count) / pictures.length) > Math.floor((i * count) / pictures.length);
  return {
    rest: pictures.filter((_, i) => !isHeld(i)),
    held: pictures.filter((_, i) => isHeld(i)),
  };
}
