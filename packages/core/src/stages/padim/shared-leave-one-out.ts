/**
 * Leave-one-out distances of one Gaussian for all places. A picture's vectors are many, so nothing is gained by Woodbury's
 * identity: its own sums are taken from those of all pictures, and the Gaussian of the others is fitted. The ridge is kept.
 */
import { BLOCK, LANES } from "../../kernels/kernels.js";
import { kernelRoom } from "../../kernels/tile-operations.js";
import { packedLength } from "../../linalg/cholesky.js";
import { type LeaveOneOutScorer, tooFewToCalibrate } from "./leave-one-out.js";
import { fillLanes, gaussianOf, type SharedGaussian } from "./shared-gaussian.js";
import { eachStaged, momentNumbers, type SharedMoments, sumsOfAll, sumsOfPicture } from "./shared-moments.js";
import { pictureBlock, stagingBytes } from "./tiles.js";

/** Bytes of the kernels' memory that a training of one Gaussian takes, its leave-one-out included. */
export function sharedTrainingBytes(channels: number): number {
  const arrays = 2 * momentNumbers(channels) + BLOCK * LANES;
  return 8 * arrays + stagingBytes(channels, LANES, BLOCK) + kernelRoom(channels) + 4096;
}

/**
 * A scorer of pictures that took part in the fit; it gives their distances at once.
 * @param gaussian what `fitShared` gave for the same moments.
 * @throws MODEL_STATISTICS with fewer than three pictures.
 */
export function sharedLeaveOneOut(moments: SharedMoments, gaussian: SharedGaussian): LeaveOneOutScorer {
  const { channels, count, pilot, kernels } = moments;
  if (count < 3) throw tooFewToCalibrate(count);
  const all = sumsOfAll(moments);
  // A picture's sums and then the factor of the others; its mean has room of its own.
  const room = {
    sum: kernels.float64(channels * LANES),
    scatter: kernels.float64(packedLength(channels) * LANES),
  };
  const mean = kernels.float64(channels * LANES);
  const lanes = kernels.float64(BLOCK * LANES);
  return {
    take(embedding) {
      const own = sumsOfPicture(moments, embedding, room);
      const others = gaussianOf(
        {
          vectors: all.vectors - own.vectors,
          sum: all.sum.map((value, i) => value - own.sum[i]),
          scatter: all.scatter.map((value, i) => value - own.scatter[i]),
        },
        pilot,
        gaussian.ridge,
      );
      fillLanes(mean, others.mean, LANES);
      fillLanes(room.scatter, others.factor, LANES);
      return [distancesFrom(moments, mean, room.scatter, embedding, lanes)];
    },
    rest: () => [],
  };
}

/** ‖W·(x − μ)‖ of every vector. */
function distancesFrom(
  moments: SharedMoments,
  mean: Float64Array,
  factor: Float64Array,
  embedding: Float32Array,
  lanes: Float64Array,
): Float32Array {
  const { cells, staged, kernels, pilot } = moments;
  const out = new Float32Array(cells);
  eachStaged(moments, embedding, pilot, (pictures, first) => {
    kernels.squaredDistances(pictureBlock(staged, pictures), mean, factor, lanes);
    const end = Math.min(cells - first, pictures * LANES);
    for (let i = 0; i < end; i++) out[first + i] = Math.sqrt(lanes[i]);
  });
  return out;
}
