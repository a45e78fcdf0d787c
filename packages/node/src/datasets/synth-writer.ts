/** What a worker does for a generated data set: draws a part, writes its picture and its mask. */
import { BlemishError, type PartKind, type PartOptions, renderPart } from "@blemish/core";
import { encodeMaskPng, encodePng } from "../images/encode-png.js";
import { writeFileAtomic } from "../images/write-file-atomic.js";
import type { JobServer } from "../workers/serve-jobs.js";

/** One picture to draw and to write. */
export interface SynthJob {
  readonly kind: PartKind;
  readonly part: PartOptions;
  /** Path of the PNG file. */
  readonly path: string;
  /** Path of the mask's PNG file; null for good parts. */
  readonly maskPath: string | null;
}

/** Serves jobs; each gives the path of its picture when its files are there. */
export function synthWriter(): JobServer<SynthJob, string> {
  return {
    async run({ kind, part, path, maskPath }) {
      const { image, mask } = renderPart(kind, part);
      await writeFileAtomic(path, await encodePng(image));
      if (maskPath !== null) await writeFileAtomic(maskPath, await encodeMaskPng(mask));
      return { value: path, transfer: [] };
    },
    close: () => Promise.resolve(),
  };
}

/** The error for a set that would be mixed with other files. */
export function folderNotEmpty(folder: string): BlemishError {
  return new BlemishError("OUTPUT_WRITE", {
    subject: folder,
    expected: "a new or an empty folder",
    found: "other files",
  });
}
