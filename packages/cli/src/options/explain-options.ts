/** What `blemish explain` was asked for: command-line words checked and put together into one plain record. */
import { CANDIDATES, type DefectPlace } from "@blemish/node";
import { workersOf } from "./predict-options.js";
import { badValue, missing, wholeNumber } from "./values.js";

/** The words of the options as commander gives them: text, or true for a switch. */
export interface ExplainWords {
  readonly mask?: string;
  readonly box?: string;
  readonly goods?: readonly string[];
  readonly try?: boolean;
  readonly candidates?: string;
  readonly output?: string;
  readonly workers?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Checked options. */
export interface ExplainRequest {
  readonly model: string;
  readonly picture: string;
  readonly place: DefectPlace;
  /** Further good pictures: folders, files, globs. */
  readonly goods: readonly string[];
  /** Other ways to train; empty = none is tried. */
  readonly candidates: readonly string[];
  /** Where the drawn picture goes; null = none. */
  readonly output: string | null;
  readonly workers: number | "auto";
  readonly json: boolean;
  readonly quiet: boolean;
}

/** No picture is larger. */
const MOST_PIXELS = 10_000_000;

/**
 * Checks the words of the command line.
 * @param positional the model and the picture.
 * @throws BlemishError OPTION_VALUE
 */
export function explainRequest(positional: readonly string[], words: ExplainWords): ExplainRequest {
  const [model, picture, third] = positional;
  if (model === undefined) throw missing("the model", "a model file");
  if (picture === undefined) throw missing("the picture", "the picture of the missed defect");
  if (third !== undefined) throw badValue("the picture", "one picture", third);
  if (words.candidates !== undefined && words.try !== true)
    throw badValue("--candidates", "nothing but beside --try", words.candidates);
  return {
    model,
    picture,
    place: placeOf(words),
    goods: words.goods ?? [],
    candidates: words.try === true ? candidatesOf(words.candidates) : [],
    output: words.output ?? null,
    workers: workersOf(words.workers),
    json: words.json ?? false,
    quiet: words.quiet ?? false,
  };
}

function placeOf({ mask, box }: ExplainWords): DefectPlace {
  if (mask !== undefined && box !== undefined) throw badValue("--box", "nothing beside --mask", box);
  if (mask !== undefined) return { mask };
  if (box === undefined)
    throw missing("the place of the defect", "--mask mask.png or --box x,y,width,height");
  const parts = box.split(",").map((part) => part.trim());
  if (parts.length !== 4) throw badValue("--box", "x,y,width,height in pixels of the picture", box);
  const [x = 0, y = 0, width = 0, height = 0] = parts.map((part) =>
    wholeNumber("--box", part, 0, MOST_PIXELS),
  );
  return { box: { x, y, width, height } };
}

function candidatesOf(list: string | undefined): string[] {
  if (list === undefined) return [...CANDIDATES];
  const names = list.split(",").map((name) => name.trim());
  if (names.includes("")) throw badValue("--candidates", "names or sizes, separated by commas", list);
  return [...new Set(names)];
}
