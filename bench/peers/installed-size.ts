/** What an installation takes on the disk. */
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** Bytes of a folder and everything in it; a file with several names counts once. */
export function folderBytes(folder: string, seen = new Set<number>()): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += folderBytes(path, seen);
    else if (entry.isFile()) {
      const { ino, nlink, size } = lstatSync(path);
      if (nlink > 1 && seen.has(ino)) continue;
      if (nlink > 1) seen.add(ino);
      bytes += size;
    }
  }
  return bytes;
}

/** Bytes of a package with everything that it needs to run, and how many packages those are. */
export function packageBytes(
  root: string,
  name: string,
): { readonly bytes: number; readonly packages: number } {
  const found = new Map<string, number>();
  const add = (wanted: string, from: string, optional: boolean) => {
    const folder = findPackage(wanted, from);
    if (folder === null) {
      if (optional) return;
      throw new Error(`${wanted} is not installed`);
    }
    if (found.has(folder)) return;
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    found.set(folder, installedBytes(folder, manifest.files));
    for (const needed of Object.keys(manifest.dependencies ?? {})) add(needed, folder, false);
    for (const wish of Object.keys(manifest.optionalDependencies ?? {})) add(wish, folder, true);
  };
  add(name, root, false);
  return { bytes: [...found.values()].reduce((sum, bytes) => sum + bytes, 0), packages: found.size };
}

/** A workspace is a link: only what its `files` name is published. What is nested below counts by itself. */
function installedBytes(folder: string, files: readonly string[] | undefined): number {
  const nested = join(folder, "node_modules");
  const without = existsSync(nested) ? folderBytes(nested) : 0;
  if (folder.includes(`node_modules`) || files === undefined) return folderBytes(folder) - without;
  return files
    .filter((name) => !name.startsWith("!"))
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .reduce(
      (sum, path) => sum + (lstatSync(path).isDirectory() ? folderBytes(path) : lstatSync(path).size),
      0,
    );
}

/** As Node looks for it: in `node_modules` of the folder and of those above. */
function findPackage(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, "node_modules", name);
    if (existsSync(join(place, "package.json"))) return realpathSync(place);
    if (folder === dirname(folder)) return null;
  }
}
