/** Which defects are put where to measure a model's sensitivity: the same seed gives the same ones. */
import {
  BlemishError,
  DEFECT_TYPES,
  type DefectType,
  type DefectWish,
  judgedArea,
  type Mask,
  type ModelDescription,
  type Place,
  placeChooser,
  seededRandom,
  viewOf,
  zonesInPicture,
} from "@blemish/core";

/** What is tried. */
export interface SensitivitySettings {
  readonly types: readonly DefectType[];
  /** Largest extents of defects, pixels of the picture, ascending. */
  readonly sizes: readonly number[];
  /** Shares of the full range of grey, ascending. */
  readonly contrasts: readonly number[];
  /** Places for each kind, size and contrast. */
  readonly places: number;
  readonly seed: number;
}

/** A wish for what is tried; what is left out has its default. */
export type SensitivityWish = Partial<SensitivitySettings>;

/** Sizes that are tried unless others are asked for, as shares of the picture's shorter side. */
const SIZE_SHARES = [1 / 64, 1 / 32, 1 / 16, 1 / 8];
const CONTRASTS = [0.1, 0.25, 0.5];

/** Places of each kind, size and contrast: all but one found is enough for nine of ten with 95 % confidence. */
export const SENSITIVITY_PLACES = 60;

const MOST_PLACES = 10_000;

/** Width and height of a picture, pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * What is tried on pictures of a size.
 * @throws BlemishError OPTION_VALUE for sizes that are not from 1 pixel to the picture's shorter side less 2, contrasts
 *   that are not above 0 and at most 1, unknown kinds, places that are not a whole number from 1 to 10,000.
 */
export function sensitivitySettings(
  {
    types = DEFECT_TYPES,
    sizes,
    contrasts = CONTRASTS,
    places = SENSITIVITY_PLACES,
    seed = 0,
  }: SensitivityWish,
  { width, height }: PictureSize,
): SensitivitySettings {
  const side = Math.min(width, height);
  const wanted = sizes ?? SIZE_SHARES.map((share) => Math.max(2, Math.round(share * side)));
  const known = (type: DefectType) => DEFECT_TYPES.includes(type);
  check("Kinds of defects", types, known, `some of ${DEFECT_TYPES.join(", ")}`);
  const fits = (size: number) => size >= 1 && size <= side - 2;
  check(
    "Sizes of defects",
    wanted,
    fits,
    `pixels from 1 to ${side - 2}, because the picture has ${width} × ${height}`,
  );
  check("Contrasts of defects", contrasts, (share) => share > 0 && share <= 1, "shares above 0 and up to 1");
  const isCount = (count: number) => Number.isSafeInteger(count) && count >= 1 && count <= MOST_PLACES;
  check("Places of defects", [places], isCount, `a whole number from 1 to ${MOST_PLACES}`);
  return {
    types: [...new Set(types)],
    sizes: ascending(wanted),
    contrasts: ascending(contrasts),
    places,
    seed,
  };
}

function check<T>(
  subject: string,
  values: readonly T[],
  test: (value: T) => boolean,
  expected: string,
): void {
  const wrong = values.find((value) => !test(value));
  if (wrong === undefined && values.length > 0) return;
  throw new BlemishError("OPTION_VALUE", {
    subject,
    expected,
    found: values.length === 0 ? "none" : String(wrong),
  });
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** A place for defects of one kind, of every size and contrast. */
export interface PlannedPlace extends Place {
  readonly type: DefectType;
  /** Decides form and angle. */
  readonly seed: number;
  /** The zone it lies in; null where the model has none. */
  readonly zone: string | null;
}

/**
 * Places in one picture, each as likely as any other where the model judges; where it has zones, as many in each.
 * @param indices of the places among all: those of the first kind, then of the next, which all have places of their own, so
 *   that each try of a size and contrast is drawn for itself.
 * @param map size of the model's map; null = it has none.
 * @param asItLies brings what is judged of the aligned part to where it lies in the picture.
 * @throws BlemishError OPTION_VALUE when there is no room for the largest defect.
 */
export function placesIn(
  size: PictureSize,
  indices: readonly number[],
  { types, sizes, places, seed }: SensitivitySettings,
  { picture, decision }: Pick<ModelDescription, "picture" | "decision">,
  map: PictureSize | null,
  asItLies: (mask: Mask) => Mask = (mask) => mask,
): PlannedPlace[] {
  const margin = sizes.at(-1)! / 2 + 1;
  const area = judgedArea(size, picture);
  const zones = map === null ? [] : (decision?.zones ?? []);
  const labels = map && zonesInPicture(zones, map, viewOf(size, picture), size);
  const choosers = (zones.length === 0 ? [null] : zones).map((zone, i) => {
    const judged = zone === null || labels === null ? area : partOf(labels, i + 1, area);
    const own = judged && asItLies(judged);
    // A zone at the border has room only for defects that reach over it.
    const choose = placeChooser(size, own, margin) ?? (zone && placeChooser(size, own, 0));
    return { name: zone?.name ?? null, choose };
  });
  const open = choosers.filter(({ choose }) => choose !== null);
  if (open.length === 0) throw noRoom(sizes.at(-1)!, size);
  return indices.map((index) => {
    const { name, choose } = open[(index % places) % open.length]!;
    const type = types[Math.floor(index / places)]!;
    const random = seededRandom(seed, index + 1);
    return { type, ...choose!(random), seed: random.uint32(), zone: name };
  });
}

/** Pixels with a label that lie in an area. */
function partOf(labels: Mask, label: number, area: Mask | null): Mask {
  const isIn = (value: number, at: number) =>
    Number(value === label && (area === null || area.data[at] !== 0));
  return { ...labels, data: labels.data.map(isIn) };
}

/** Every defect of a place: each size, then each contrast. */
export function wishesAt(
  { type, x, y, seed }: PlannedPlace,
  { sizes, contrasts }: SensitivitySettings,
): DefectWish[] {
  return sizes.flatMap((size) => contrasts.map((contrast) => ({ type, x, y, size, contrast, seed })));
}

function noRoom(size: number, { width, height }: PictureSize): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "Sizes of defects",
    expected: `sizes that leave a place in what the model judges of ${width} × ${height} pixels`,
    found: String(size),
  });
}
