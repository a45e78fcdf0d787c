/** Which regions decide, in words of the command line: filters, zones with filters of their own, a grey zone. */
import { type FilterOptions, parseShapes, type RecipeOptions, type ZoneOptions } from "@blemish/core";
import { readJson, readShapes } from "@blemish/node";
import type { Command } from "commander";
import { rateValue } from "./rate.js";
import { badValue, collect, finiteNumber } from "./values.js";

/** The words as commander gives them. */
export interface DecisionWords {
  readonly minArea?: string;
  readonly minPeak?: string;
  readonly ignoreTouchingBorder?: boolean;
  readonly zone?: readonly string[];
  readonly zones?: string;
  readonly uncertain?: string;
}

/** Their names on the command line; all shape a model. */
export const DECISION_WORDS = {
  minArea: "--min-area",
  minPeak: "--min-peak",
  ignoreTouchingBorder: "--ignore-touching-border",
  zone: "--zone",
  zones: "--zones",
  uncertain: "--uncertain",
} as const satisfies Record<keyof DecisionWords, string>;

/** Adds the options to a command. */
export function addDecisionOptions(command: Command): Command {
  return command
    .option("--min-area <area>", "least region that counts: pixels of the picture, or such as 0.5mm2")
    .option("--min-peak <value>", "lowest peak of a region that counts, from 0.5 (the threshold) to 1")
    .option("--ignore-touching-border", "leave out regions that touch the border of the picture")
    .option(
      "--zone <zone>",
      'a part with its own threshold: "name=circle:x,y,r; weight=2; min-area=20"; can be repeated',
      collect,
    )
    .option("--zones <file>", "the same in a .json: a list of zones with name, shapes and filters")
    .option("--uncertain <rate>", "share of good parts above a second, lower threshold: a grey zone");
}

/**
 * What the words say, for a recipe; zones apart, whose files are read by {@link zoneOptions}.
 * @throws BlemishError OPTION_VALUE
 */
export function decisionOptions(words: DecisionWords): Pick<RecipeOptions, "filters" | "uncertainRate"> {
  const { minArea, minPeak, ignoreTouchingBorder, uncertain } = words;
  const filters: FilterOptions = {
    ...(minArea !== undefined && areaOf("--min-area", minArea)),
    ...(minPeak !== undefined && { minPeak: finiteNumber("--min-peak", minPeak) }),
    ...(ignoreTouchingBorder === true && { ignoreTouchingBorder }),
  };
  return {
    ...(Object.keys(filters).length > 0 && { filters }),
    ...(uncertain !== undefined && { uncertainRate: rateValue("--uncertain", uncertain) }),
  };
}

/**
 * The zones of the words and of the file, in this order.
 * @throws BlemishError OPTION_VALUE, and the errors of reading shapes.
 */
export async function zoneOptions({
  zone = [],
  zones,
}: DecisionWords): Promise<Pick<RecipeOptions, "zones">> {
  const all: ZoneOptions[] = [];
  for (const text of zone) all.push(await zoneOf(text));
  if (zones !== undefined) all.push(...(await zonesOfFile(zones)));
  return all.length > 0 ? { zones: all } : {};
}

/** `name=shape + shape; weight=2; min-area=20; min-peak=0.7; ignore-touching-border`. */
async function zoneOf(text: string): Promise<ZoneOptions> {
  const [head = "", ...rest] = text.split(";").map((part) => part.trim());
  const at = head.indexOf("=");
  if (at < 1) throw wrongZone(text);
  const shapes = await shapesOf(head.slice(at + 1).split(/\s\+\s/));
  let zone: ZoneOptions = { name: head.slice(0, at).trim(), shapes };
  for (const part of rest.filter((word) => word !== "")) {
    const [name = "", value] = part.split("=").map((word) => word.trim());
    zone = { ...zone, ...zoneWord(name, value, text) };
  }
  return zone;
}

function zoneWord(name: string, value: string | undefined, text: string): Partial<ZoneOptions> {
  const option = `${name} of --zone`;
  if (name === "ignore-touching-border" && value === undefined) return { ignoreTouchingBorder: true };
  if (value === undefined) throw wrongZone(text);
  if (name === "weight") return { weight: finiteNumber(option, value) };
  if (name === "min-area") return areaOf(option, value);
  if (name === "min-peak") return { minPeak: finiteNumber(option, value) };
  throw wrongZone(text);
}

async function shapesOf(texts: readonly string[]): Promise<ZoneOptions["shapes"]> {
  const shapes = await Promise.all(texts.map((text) => readShapes(text.trim())));
  return shapes.flat();
}

/** Fields of a zone in JSON and what they are. */
const FIELDS = {
  name: "string",
  weight: "number",
  minArea: "number",
  minAreaMm2: "number",
  minPeak: "number",
  ignoreTouchingBorder: "boolean",
} as const satisfies Partial<Record<keyof ZoneOptions, string>>;

async function zonesOfFile(path: string): Promise<ZoneOptions[]> {
  const json = await readJson(path);
  if (!Array.isArray(json)) throw wrongFile(path, json);
  return Promise.all(json.map((zone) => zoneOfJson(zone, path)));
}

/** Shapes stand there as the library takes them, or as words and paths of the command line. */
async function zoneOfJson(json: unknown, path: string): Promise<ZoneOptions> {
  if (typeof json !== "object" || json === null) throw wrongFile(path, json);
  const { shapes, ...fields } = json as Record<string, unknown>;
  for (const [name, value] of Object.entries(fields))
    if (!Object.hasOwn(FIELDS, name) || typeof value !== FIELDS[name as keyof typeof FIELDS])
      throw wrongFile(path, { [name]: value });
  const list = typeof shapes === "string" ? [shapes] : shapes;
  if (!Array.isArray(list) || typeof fields.name !== "string") throw wrongFile(path, json);
  const read = await Promise.all(
    list.map((shape) => (typeof shape === "string" ? readShapes(shape) : parseShapes(shape, path))),
  );
  return { ...(fields as Partial<ZoneOptions>), name: fields.name, shapes: read.flat() };
}

/** `30` or `30px` are pixels, `0.5mm2` and `0.5mm²` square millimetres. */
function areaOf(option: string, text: string): Pick<FilterOptions, "minArea" | "minAreaMm2"> {
  const [, digits, unit] = /^\s*([0-9.eE+-]+)\s*(px|mm2|mm²)?\s*$/.exec(text) ?? [];
  const value = digits === undefined ? Number.NaN : Number(digits);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw badValue(option, "an area above 0, such as 30 (pixels) or 0.5mm2", text);
  return unit === undefined || unit === "px" ? { minArea: value } : { minAreaMm2: value };
}

function wrongZone(text: string): Error {
  return badValue(
    "--zone",
    '"name=shape", with "+" between several shapes, and after ";" weight=, min-area=, min-peak=, ignore-touching-border',
    text,
  );
}

function wrongFile(path: string, found: unknown): Error {
  return badValue(
    "--zones",
    `a list like [{"name":"thread","shapes":["circle:100,80,40"],"weight":2,"minArea":20}] in ${path}`,
    (JSON.stringify(found) ?? "").slice(0, 80),
  );
}
