/** Which pictures a user means by a file, a folder or a glob. Nothing is opened here. */
import type { Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { BlemishError } from "@blemish/core";
import { glob, isDynamicPattern } from "tinyglobby";

/** One picture to judge. */
export interface FoundImage {
  /** Path to open: what the user gave, with the rest joined to it. */
  readonly path: string;
  /** Path below the given folder or below the fixed part of the glob, with "/"; a file's own name. */
  readonly relative: string;
}

/**
 * Suffixes that are taken from folders and globs, in any case. (Anomalib compares case-sensitively and takes
 * pictures in the order of the file system.)
 */
export const IMAGE_SUFFIXES: readonly string[] =
  ".jpg .jpeg .png .ppm .pgm .pbm .bmp .tif .tiff .webp .gif".split(" ");

/**
 * The pictures of each input, inputs in the given order, pictures of one input sorted by the bytes of `relative`; a
 * path that is met twice is listed once. A file is taken whatever its suffix, a folder with all folders below it,
 * a glob where no such file exists; names that begin with "." are skipped in both, links are followed. Throws
 * IMAGE_NOT_FOUND for a missing or unreadable input and NO_IMAGES for one without pictures, or for no inputs.
 */
export async function findImages(inputs: readonly string[]): Promise<FoundImage[]> {
  if (inputs.length === 0) throw new BlemishError("NO_IMAGES", { subject: "the empty list of inputs" });
  const found = new Map<string, FoundImage>();
  for (const input of inputs) {
    const pictures = await imagesOf(input);
    if (pictures.length === 0) throw new BlemishError("NO_IMAGES", { subject: input });
    for (const picture of pictures) if (!found.has(picture.path)) found.set(picture.path, picture);
  }
  return [...found.values()];
}

async function imagesOf(input: string): Promise<FoundImage[]> {
  const facts = await factsOf(input);
  if (facts?.isDirectory()) return listed(input, await walk(input, "", new Set()));
  if (facts !== null) return [{ path: input, relative: basename(input) }];
  if (!isDynamicPattern(input)) throw new BlemishError("IMAGE_NOT_FOUND", { subject: input });
  const { folder, pattern } = splitGlob(input);
  return listed(folder, await glob(pattern, { cwd: folder || ".", expandDirectories: false }));
}

/** Null when there is nothing of this name; any other difficulty is an error. */
async function factsOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (["ENOENT", "ENOTDIR"].includes(code)) return null;
    throw new BlemishError("IMAGE_NOT_FOUND", { subject: path, found: code, cause });
  }
}

/** Relative paths of all files below a folder. `above` holds the real paths on the way, so that no link is run round. */
async function walk(root: string, below: string, above: ReadonlySet<string>): Promise<string[]> {
  const folder = join(root, below);
  try {
    const real = await realpath(folder);
    if (above.has(real)) return [];
    const files: string[] = [];
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const relative = below === "" ? entry.name : `${below}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? await factsOf(join(root, relative)) : entry;
      // A link to nothing stays in the list, so that it is reported rather than forgotten.
      if (kind === null) files.push(relative);
      else if (kind.isDirectory()) files.push(...(await walk(root, relative, new Set(above).add(real))));
      else if (kind.isFile()) files.push(relative);
    }
    return files;
  } catch (cause) {
    if (cause instanceof BlemishError) throw cause;
    // A folder that cannot be listed must not look like one without defects.
    const found = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new BlemishError("IMAGE_NOT_FOUND", { subject: folder, found, cause });
  }
}

/** The fixed folder in front of a glob's first wildcard, and the rest. */
function splitGlob(input: string): { folder: string; pattern: string } {
  const parts = input.split("/");
  const fixed = Math.min(
    parts.findIndex((part) => isDynamicPattern(part)),
    parts.length - 1,
  );
  const folder = parts.slice(0, Math.max(fixed, 0)).join("/");
  const rooted = input.startsWith("/") && folder === "" ? "/" : folder;
  return { folder: rooted, pattern: parts.slice(Math.max(fixed, 0)).join("/") };
}

function listed(folder: string, files: readonly string[]): FoundImage[] {
  return files
    .filter((file) => IMAGE_SUFFIXES.some((suffix) => file.toLowerCase().endsWith(suffix)))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((relative) => ({ path: join(folder, relative), relative }));
}
