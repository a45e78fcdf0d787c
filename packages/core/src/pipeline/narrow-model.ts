/**
 * A trained model that judges less of its pictures than it was trained for: nothing is learnt again, the map is cut down, and
 * the thresholds follow from good pictures that it has not seen. What was changed stands in the manifest.
 */
import { withoutSensitivity } from "../bundle/kept-sensitivity.js";
import type { TrainedModelFile } from "../bundle/model-file.js";
import { requireTrained } from "../bundle/require-trained.js";
import { BlemishError } from "../errors.js";
import { promiseFor } from "../metrics/promise.js";
import { maskOnMap } from "../stages/region/mask-on-map.js";
import { rasterise } from "../stages/region/rasterise.js";
import { maskOfRuns, runsOf } from "../stages/region/runs.js";
import type { RegionShape } from "../stages/region/shapes.js";
import { checkPictureSize, judgedArea, type TrainedPicture } from "../stages/region/trained-picture.js";
import { rangeAround } from "./training/assemble-model.js";
import { LEAST_PICTURES } from "./training/calibrate.js";

const SUBJECT = "The model that is to judge less";

/**
 * The model without what the shapes cover; its thresholds are those of before and mean nothing yet.
 * @param shapes in pixels of the original pictures.
 * @param size of these pictures; from now on the model judges no others.
 * @throws BlemishError REGION for shapes that cannot be drawn or leave nothing; PICTURE_SIZE; OPTION_VALUE for a model whose
 *   score is not made of the map, or of its zones; MODEL_NOT_TRAINED.
 */
export function narrowModel(
  model: TrainedModelFile,
  shapes: readonly RegionShape[],
  size: { readonly width: number; readonly height: number },
): TrainedModelFile {
  const { manifest } = requireTrained(model, SUBJECT);
  checkScore(model);
  const { width, height } = size;
  checkPictureSize(size, manifest.picture, "The picture");
  const known = manifest.picture ?? { width, height, fit: "stretch", view: { x: 0, y: 0, width, height } };
  const { aspectTolerance: _, ...before } = known;
  const picture: TrainedPicture = {
    ...before,
    // A picture of the same aspect may have come in another size.
    ...(before.width === width && before.height === height
      ? {}
      : { width, height, view: { x: 0, y: 0, width, height } }),
    // Rules about the taking of pictures were learnt of what was judged then.
    measured: known.measured ?? known.region ?? { include: [], ignore: [] },
    region: { include: known.region?.include ?? [], ignore: [...(known.region?.ignore ?? []), ...shapes] },
  };
  judgedArea(size, picture);
  const { judged, ...map } = manifest.map;
  const left = maskOfRuns(
    judged ?? [0, manifest.size.width * manifest.size.height],
    manifest.size.width,
    manifest.size.height,
  );
  const ignored = maskOnMap(rasterise(shapes, width, height), picture.view, manifest.size).data;
  for (let i = 0; i < ignored.length; i++) if (ignored[i] === 1) left.data[i] = 0;
  if (!left.data.includes(1))
    throw new BlemishError("REGION", {
      subject: "The region of interest",
      expected: "at least one pixel of the map that is judged",
      found: "none: everything is ignored",
    });
  const narrowed = { ...withoutSensitivity(manifest), picture, map: { ...map, judged: runsOf(left) } };
  return { ...model, manifest: narrowed };
}

/** What a model says of a good picture. */
export interface GoodPicture {
  /** Raw image score, and the highest value of the raw map. */
  readonly score: number;
  readonly peak: number;
}

/**
 * The model with thresholds for its false-alarm rate from good pictures that it was not trained on; their scores take the
 * place of those of the training pictures.
 * @param reason why, in the user's words.
 * @throws BlemishError MODEL_STATISTICS for fewer than three pictures.
 */
export function calibrateOnGoods(
  model: TrainedModelFile,
  goods: readonly GoodPicture[],
  reason: string,
): TrainedModelFile {
  if (goods.length < LEAST_PICTURES)
    throw new BlemishError("MODEL_STATISTICS", {
      subject: "The set of good pictures",
      expected: `at least ${LEAST_PICTURES} that the model was not trained on`,
      found: `${goods.length}`,
    });
  const { uncertain: _, ...before } = model.manifest.calibration;
  const scores = Float64Array.from(goods, ({ score }) => score);
  const peaks = Float64Array.from(goods, ({ peak }) => peak);
  const [image, pixel] = [promiseFor(scores, before.askedRate), promiseFor(peaks, before.askedRate)];
  const { threshold, expectedRate, guaranteedRate, reached } = image;
  const calibration = {
    ...before,
    method: "good-pictures" as const,
    imageThreshold: threshold,
    pixelThreshold: pixel.threshold,
    ...{ expectedRate, guaranteedRate, reached },
    imageRange: rangeAround(threshold),
    pixelRange: rangeAround(pixel.threshold),
    changes: [...before.changes, { from: before.imageThreshold, to: threshold, reason }],
  };
  return { ...model, manifest: { ...withoutSensitivity(model.manifest), calibration }, scores, peaks };
}

function checkScore({ manifest }: TrainedModelFile): void {
  const weighed = manifest.passes.some(({ detectors }) =>
    detectors.some(({ head }) => head.kind === "patchcore" && head.neighbours !== undefined),
  );
  const found = weighed
    ? "Anomalib's score of patches"
    : manifest.decision === undefined
      ? null
      : "filters or zones";
  if (found === null) return;
  throw new BlemishError("OPTION_VALUE", {
    subject: "--ignore",
    expected: "a model whose score is made of the map alone; train another one with --ignore",
    found: `one with ${found}`,
  });
}
