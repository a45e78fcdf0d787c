/** `blemish backbone import`: makes a backbone folder of a network that the user brings. */
import { basename, extname } from "node:path";
import {
  BlemishError,
  IMAGENET_INPUT,
  type ImportOptions,
  type Interpolation,
  type TapChoice,
} from "@blemish/core";
import { importBackboneFile, writeBackbone } from "@blemish/node";
import type { Command } from "commander";
import { numberList } from "../options/number-list.js";
import { badValue, choice, wholeNumber } from "../options/values.js";
import { reportText } from "../report/report-text.js";
import type { Terminal } from "../terminal.js";

/** The words of the options as commander gives them. */
export interface BackboneImportWords {
  readonly output: string;
  readonly id?: string;
  readonly taps?: string;
  readonly channels?: string;
  readonly strides?: string;
  readonly scales?: string;
  readonly mean?: string;
  readonly std?: string;
  readonly resize?: string;
  readonly multipleOf?: string;
  readonly licence?: string;
  readonly source?: string;
}

const RESIZES = ["nearest", "linear", "area", "antialias"] as const satisfies readonly Interpolation[];

/** Largest side that can be asked for, in pixels. */
const MOST_PIXELS = 65_536;

/** Adds the command `import` to `backbone`. */
export function addBackboneImport(backbone: Command): Command {
  return backbone
    .command("import")
    .summary("make a backbone of a network")
    .description("Makes a folder for --backbone of a ResNet's weights (safetensors) or of an ONNX network.")
    .argument("<file>", "a torchvision-style ResNet in safetensors, or an ONNX file")
    .requiredOption("-o, --output <dir>", "the folder to make")
    .option(
      "--taps <names>",
      "values to take, separated by commas (default: layer1,layer2,layer3; ONNX: all outputs)",
    )
    .option("--id <name>", "name of the backbone (default: the file's)")
    .option(
      "--mean <r,g,b>",
      `subtracted from pixels 0-255 (default: ${IMAGENET_INPUT.mean.join(",")}, ImageNet's)`,
    )
    .option("--std <r,g,b>", `pixels are then divided by it (default: ${IMAGENET_INPUT.std.join(",")})`)
    .option("--resize <filter>", `how pictures are resized: ${RESIZES.join(", ")} (default: antialias)`)
    .option(
      "--multiple-of <pixels>",
      "both sides of the input are multiples of it (default: from the strides)",
    )
    .option("--channels <list>", "channels of each tap, where the graph does not tell")
    .option("--strides <list>", "input pixels per cell of each tap, where the graph does not tell")
    .option("--scales <list>", "typical size of each tap's values, to weigh taps alike (default: 1 each)")
    .option("--licence <text>", "licence of the weights, kept in the manifest")
    .option(
      "--source <text>",
      "where the weights come from, kept in the manifest (default: the file and its hash)",
    )
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code 0.
 * @throws BlemishError for wrong usage, a file that is no backbone, and a folder that cannot be written.
 */
export async function backboneImportCommand(
  file: string,
  words: BackboneImportWords,
  { stdout }: Terminal,
): Promise<number> {
  const imported = await importBackboneFile(file, importOptions(file, words));
  const { id, input, taps, licence, source } = await writeBackbone(words.output, imported);
  const rows = [
    ["Network", imported.kind],
    ["Input", `${input.name}: RGB, (0-255 − ${input.mean.join(", ")}) / ${input.std.join(", ")}`],
    ["Size", `sides that are multiples of ${input.multipleOf}; resize ${input.resize}`],
    ...taps.map(
      ({ name, channels, stride, scale }) =>
        [`Tap ${name}`, `${channels} channels, stride ${stride}, scale ${scale}`] as const,
    ),
    ["Licence", licence],
    ["Source", source],
    ["Folder", words.output],
  ] as const;
  stdout.write(reportText([{ title: `Backbone ${id}`, rows, remarks: [] }], stdout));
  return 0;
}

function importOptions(file: string, words: BackboneImportWords): ImportOptions {
  const { mean, std, resize, multipleOf, licence, source } = words;
  const taps = tapChoices(words);
  return {
    id: words.id ?? idOf(file),
    ...(taps !== null && { taps }),
    ...(mean !== undefined && { mean: numberList("--mean", mean, 3) }),
    ...(std !== undefined && { std: positive("--std", std, 3) }),
    ...(resize !== undefined && { resize: choice("--resize", resize, RESIZES) }),
    ...(multipleOf !== undefined && { multipleOf: wholeNumber("--multiple-of", multipleOf, 1, MOST_PIXELS) }),
    ...(licence !== undefined && { licence }),
    ...(source !== undefined && { source }),
  };
}

/** Taps with what was said about each; null when none are named. */
function tapChoices({ taps, channels, strides, scales }: BackboneImportWords): TapChoice[] | null {
  if (taps === undefined) {
    const alone = [channels && "--channels", strides && "--strides", scales && "--scales"].find(Boolean);
    if (!alone) return null;
    throw new BlemishError("OPTION_VALUE", { subject: alone, expected: "--taps beside it", found: "none" });
  }
  const names = taps.split(",").map((name) => name.trim());
  if (names.includes("")) throw badValue("--taps", "names, separated by commas", taps);
  const listed = (option: string, text: string | undefined) =>
    text === undefined ? null : positive(option, text, names.length);
  const told = {
    channels: listed("--channels", channels),
    stride: listed("--strides", strides),
    scale: listed("--scales", scales),
  };
  return names.map((name, at) => ({
    name,
    ...(told.channels && { channels: told.channels[at] as number }),
    ...(told.stride && { stride: told.stride[at] as number }),
    ...(told.scale && { scale: told.scale[at] as number }),
  }));
}

function positive(option: string, text: string, count: number): number[] {
  const values = numberList(option, text, count);
  if (values.every((value) => value > 0)) return values;
  throw badValue(option, "numbers above 0", text);
}

/** The file's name without its ending, in the letters that an id may have. */
function idOf(file: string): string {
  const name = basename(file, extname(file))
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "");
  return name.slice(0, 100) || "backbone";
}

const EXAMPLES = `
Examples:
  blemish backbone import resnet18.safetensors --output backbones/resnet18
  blemish backbone import net.onnx --taps /layer2/Relu_output_0,/layer3/Relu_output_0 --output backbones/net
  blemish train good/ --backbone backbones/resnet18 --output part.blemish`;
