/** Names of written files: Anomalib's rules, with PNG as the only format. */
import { access, stat } from "node:fs/promises";
import { basename, dirname, extname, join, parse, resolve } from "node:path";
import { BlemishError } from "@blemish/core";

/** Where written pictures go: into a folder, or into one named file. */
export interface OutputTarget {
  readonly kind: "folder" | "file";
  readonly path: string;
}

/**
 * What `--output` means. An existing folder is a folder. Anything else is the file's name when there is one input
 * and that is a picture (Anomalib 0.7 `generate_output_image_filename`). Beyond Anomalib, which fails there: a path
 * that does not exist yet is a folder when the input is a folder, a glob or a list, or when it has no suffix.
 * @param single True when the only input is a picture.
 * @throws BlemishError OPTION_VALUE when many pictures would go into one existing file.
 */
export async function outputTarget(output: string, single: boolean): Promise<OutputTarget> {
  const found = await stat(output).catch(() => null);
  if (found?.isDirectory()) return { kind: "folder", path: output };
  if (found !== null && !single) {
    throw new BlemishError("OPTION_VALUE", {
      subject: "--output",
      expected: "a folder, because there may be several pictures",
      found: `the file ${output}`,
    });
  }
  const named = found !== null || (single && extname(output) !== "" && !/[\\/]$/.test(output));
  return { kind: named ? "file" : "folder", path: output };
}

/**
 * The wished file name for a picture: `<folder>/<parent folder of the picture>/<stem><suffix>`, or the target's own
 * name with that suffix.
 * @param suffix With its dot: ".png" or ".npy".
 */
export function outputPath(target: OutputTarget, picture: string, suffix: string): string {
  if (target.kind === "file") {
    const { dir, name } = parse(target.path);
    return join(dir, name + suffix);
  }
  return join(target.path, basename(dirname(resolve(picture))), parse(picture).name + suffix);
}

/** The path itself if nothing has that name, else the first free of `stem_1`, `stem_2`, … */
export async function freePath(path: string): Promise<string> {
  const { dir, name, ext } = parse(path);
  for (let number = 0; ; number++) {
    const candidate = number === 0 ? path : join(dir, `${name}_${number}${ext}`);
    const taken = await access(candidate).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}
