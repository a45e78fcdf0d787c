/**
 * The entries of a zip archive whose files are stored as they are: what torch saves. Entries are views of the archive;
 * nothing is unpacked and nothing is written. Source: PKWARE's APPNOTE 6.3, sections 4.3.7 to 4.3.16 (with zip64).
 */
import { BlemishError } from "../errors.js";

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record and the longest comment. */
const LONGEST_END = 22 + 65_535;
const MOST_ENTRIES = 100_000;

/** True when the bytes begin like a zip archive with files in it. */
export function looksLikeZip(start: Uint8Array): boolean {
  return start.length >= 4 && start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4;
}

/**
 * Name → content of every file.
 * @throws BlemishError MODEL_BROKEN for an archive that is cut off or damaged, has entries that overlap its end, are
 *   compressed, come twice, or are named like a path that leaves its folder.
 */
export function readZip(archive: Uint8Array, subject: string): Map<string, Uint8Array> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const broken = (expected: string, found: string) =>
    new BlemishError("MODEL_BROKEN", { subject, expected, found });
  const { at: start, count } = directoryOf(view, broken);
  const files = new Map<string, Uint8Array>();
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > archive.length || view.getUint32(at, true) !== ENTRY)
      throw broken("a list of its files", "damage");
    const entry = entryAt(view, at, broken);
    const { name } = entry;
    if (isTrick(name)) throw broken("files inside of the archive", `the path ${name}`);
    if (files.has(name)) throw broken("every file once", `${name} twice`);
    if (entry.method !== 0)
      throw broken("files stored as they are, as torch writes them", `${name} compressed`);
    if (!name.endsWith("/")) files.set(name, contentOf(archive, view, entry, broken));
    at = entry.end;
  }
  return files;
}

type Broken = (expected: string, found: string) => BlemishError;

/** Where the list of files stands. */
function directoryOf(view: DataView, broken: Broken): { at: number; count: number } {
  const last = view.byteLength - 22;
  const lowest = Math.max(0, view.byteLength - LONGEST_END);
  let end = last;
  while (end >= lowest && view.getUint32(end, true) !== END) end--;
  if (end < lowest || last < 0) throw broken("a whole zip archive", "no end of its list of files");
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const locator = end - 20;
  if (locator >= 0 && view.getUint32(locator, true) === LOCATOR_64) {
    const record = Number(view.getBigUint64(locator + 8, true));
    if (record + 56 > view.byteLength || view.getUint32(record, true) !== END_64)
      throw broken("a whole zip archive", "a damaged list of files");
    count = Number(view.getBigUint64(record + 32, true));
    at = Number(view.getBigUint64(record + 48, true));
  }
  if (count > MOST_ENTRIES || at > view.byteLength)
    throw broken("a whole zip archive", "a list outside of it");
  return { at, count };
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly size: number;
  /** Of its local header. */
  readonly offset: number;
  /** Where the next entry of the list stands. */
  readonly end: number;
}

function entryAt(view: DataView, at: number, broken: Broken): Entry {
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) =>
    view.getUint16(at + place, true),
  ) as [number, number, number];
  const end = at + 46 + nameLength + extraLength + commentLength;
  if (end > view.byteLength) throw broken("a whole zip archive", "a list that is cut off");
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
  const wide = wideSizes(view, at, at + 46 + nameLength, extraLength);
  return { name, method: view.getUint16(at + 10, true), ...wide, end };
}

/** Sizes and offset of an entry; those that 32 bits do not hold stand in its extra field of kind 1, in this order. */
function wideSizes(
  view: DataView,
  at: number,
  extra: number,
  length: number,
): { size: number; offset: number } {
  const packed = view.getUint32(at + 20, true);
  let size = view.getUint32(at + 24, true);
  let offset = view.getUint32(at + 42, true);
  for (let field = extra; field + 4 <= extra + length; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    let place = field + 4;
    const next = () => {
      place += 8;
      return place <= extra + length ? Number(view.getBigUint64(place - 8, true)) : Number.NaN;
    };
    if (size === 0xffffffff) size = next();
    if (packed === 0xffffffff) next();
    if (offset === 0xffffffff) offset = next();
  }
  return { size, offset };
}

function contentOf(
  archive: Uint8Array,
  view: DataView,
  { name, size, offset }: Entry,
  broken: Broken,
): Uint8Array {
  const fits = offset + 30 <= archive.length && view.getUint32(offset, true) === LOCAL;
  if (!fits) throw broken("a whole zip archive", `${name} outside of it`);
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (!(start + size <= archive.length))
    throw broken(`${size} bytes of ${name}`, `${archive.length - start}`);
  return archive.subarray(start, start + size);
}

function isTrick(name: string): boolean {
  return /^([/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes("..");
}
