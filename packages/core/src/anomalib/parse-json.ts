/**
 * Reads JSON as Python's `json` module writes it: standard JSON plus the bare tokens NaN, Infinity and
 * -Infinity. Unlike `JSON.parse` it bounds size and depth, keeps objects as maps (so no key is special), and
 * says at which line and column the text goes wrong.
 */
import { BlemishError } from "../errors.js";

/** A JSON value; objects are maps in file order. Numbers may be NaN or infinite. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** Deepest nesting; a serialised transform has five levels. */
const MAX_DEPTH = 64;
/** Longest text in UTF-16 units: statistics of a 1024 × 1024 model take about 45 million. */
const MAX_LENGTH = 100_000_000;

interface Reader {
  readonly text: string;
  readonly subject: string;
  at: number;
}

/**
 * The value that a text holds.
 *
 * @throws BlemishError METADATA_FORMAT with line and column.
 */
export function parseJson(text: string, subject: string): JsonValue {
  const reader: Reader = { text, subject, at: text.startsWith("\ufeff") ? 1 : 0 };
  if (text.length > MAX_LENGTH) {
    throw new BlemishError("METADATA_FORMAT", {
      subject,
      expected: `at most ${MAX_LENGTH} characters`,
      found: String(text.length),
    });
  }
  skipSpace(reader);
  if (reader.at >= text.length)
    throw new BlemishError("METADATA_FORMAT", { subject, found: "an empty file" });
  const value = readValue(reader, 0);
  skipSpace(reader);
  if (reader.at < text.length) throw unexpected(reader, "the end of the file");
  return value;
}

/** What a value is, in words for error texts. */
export function describeJson(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return `the text ${JSON.stringify(shorten(value))}`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return isObject(value) ? "an object" : "a list";
}

/** True for a JSON object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/** True for a JSON list. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** At most 40 characters of a text, for messages. */
export function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function readValue(reader: Reader, depth: number): JsonValue {
  if (depth > MAX_DEPTH) throw unexpected(reader, `nesting of at most ${MAX_DEPTH} levels`);
  switch (reader.text[reader.at]) {
    case "{":
      return readObject(reader, depth);
    case "[":
      return readList(reader, depth);
    case '"':
      return readString(reader);
    default:
      return readToken(reader);
  }
}

function readObject(reader: Reader, depth: number): JsonObject {
  const entries = new Map<string, JsonValue>();
  reader.at++;
  skipSpace(reader);
  if (taken(reader, "}")) return entries;
  do {
    skipSpace(reader);
    if (reader.text[reader.at] !== '"') throw unexpected(reader, "a key in quotes");
    const key = readString(reader);
    skipSpace(reader);
    if (!taken(reader, ":")) throw unexpected(reader, "a colon");
    skipSpace(reader);
    // Python's own reader keeps the last of two equal keys, too.
    entries.set(key, readValue(reader, depth + 1));
    skipSpace(reader);
  } while (taken(reader, ","));
  if (!taken(reader, "}")) throw unexpected(reader, "a comma or }");
  return entries;
}

function readList(reader: Reader, depth: number): JsonValue[] {
  const items: JsonValue[] = [];
  reader.at++;
  skipSpace(reader);
  if (taken(reader, "]")) return items;
  do {
    skipSpace(reader);
    items.push(readValue(reader, depth + 1));
    skipSpace(reader);
  } while (taken(reader, ","));
  if (!taken(reader, "]")) throw unexpected(reader, "a comma or ]");
  return items;
}

function readString(reader: Reader): string {
  const end = stringEnd(reader);
  const quoted = reader.text.slice(reader.at, end);
  try {
    const value = JSON.parse(quoted) as string;
    reader.at = end;
    return value;
  } catch {
    throw unexpected(reader, "text without control characters and with known escapes");
  }
}

/** Position behind the closing quote of the string that starts at the reader. */
function stringEnd(reader: Reader): number {
  for (let at = reader.at + 1; at < reader.text.length; at++) {
    const unit = reader.text.charCodeAt(at);
    if (unit === 0x22) return at + 1;
    if (unit === 0x5c) at++;
  }
  reader.at = reader.text.length;
  throw unexpected(reader, "a closing quote");
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORDS: readonly (readonly [string, null | boolean | number])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
];

function readToken(reader: Reader): null | boolean | number {
  for (const [word, value] of WORDS) {
    if (!reader.text.startsWith(word, reader.at)) continue;
    reader.at += word.length;
    return value;
  }
  NUMBER.lastIndex = reader.at;
  const match = NUMBER.exec(reader.text);
  if (match === null) throw unexpected(reader, "a value");
  reader.at = NUMBER.lastIndex;
  return Number(match[0]);
}

function skipSpace(reader: Reader): void {
  while (" \t\n\r".includes(reader.text[reader.at] ?? "x")) reader.at++;
}

function taken(reader: Reader, mark: string): boolean {
  if (reader.text[reader.at] !== mark) return false;
  reader.at++;
  return true;
}

function unexpected(reader: Reader, expected: string): BlemishError {
  const before = reader.text.slice(0, reader.at);
  const line = before.split("\n").length;
  const column = reader.at - before.lastIndexOf("\n");
  const rest = reader.text.slice(reader.at, reader.at + 12);
  const found = rest === "" ? "the end of the text" : JSON.stringify(rest);
  return new BlemishError("METADATA_FORMAT", {
    subject: reader.subject,
    expected,
    found: `${found} in line ${line}, column ${column}`,
  });
}
