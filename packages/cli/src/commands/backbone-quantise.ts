/** `blemish backbone quantise`: a backbone with an int8 network beside its own. */
import { type Backbone, loadBackbone, quantiseBackbone, writeBackbone } from "@blemish/node";
import type { Command } from "commander";
import { calibrationPictures } from "../options/calibration-pictures.js";
import { collect, wholeNumber } from "../options/values.js";
import { startTalk } from "../output/talk.js";
import { counted } from "../report-page/rate-words.js";
import type { Terminal } from "../terminal.js";

/** The words of the options as commander gives them. */
export interface BackboneQuantiseWords {
  readonly pictures: readonly string[];
  readonly output: string;
  readonly size?: string;
  readonly quiet?: boolean;
}

/** Largest side that can be asked for, in pixels. */
const MOST_PIXELS = 4096;

/** Adds the command `quantise` to `backbone`. */
export function addBackboneQuantise(backbone: Command): Command {
  return backbone
    .command("quantise")
    .summary("add an int8 network to a backbone")
    .description(
      "Copies a backbone and adds its network in 8-bit integers, for train --precision int8. Ranges are measured on pictures.",
    )
    .argument("<backbone>", "folder of a backbone, or the name of the one that comes with Blemish")
    .requiredOption(
      "--pictures <path>",
      "pictures such as it will see, some dozen or more, good and bad; can be repeated",
      collect,
    )
    .requiredOption("-o, --output <dir>", "the folder to make")
    .option("--size <pixels>", "side of the network's input (default: 256)")
    .option("--quiet", "no progress and no words")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code 0. Nothing is written before the network is done.
 * @throws BlemishError BACKBONE, DATASET, NO_IMAGES, IMAGE_NOT_FOUND, OPTION_VALUE, OUTPUT_WRITE, CANCELLED, and what reading a
 *   picture throws.
 */
export async function backboneQuantiseCommand(
  name: string,
  { pictures, output, size, quiet = false }: BackboneQuantiseWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const talk = startTalk({ json: false, quiet }, terminal);
  try {
    const backbone = await loadBackbone(name);
    const paths = await calibrationPictures(pictures);
    const int8 = await quantiseBackbone(backbone, paths, {
      signal,
      onProgress: (done) => talk.stages.at("Measuring", done, paths.length),
      ...(size !== undefined && { size: wholeNumber("--size", size, 1, MOST_PIXELS) }),
    });
    await writeBackbone(output, { manifest: backbone.manifest, model: backbone.modelBytes, int8 });
    await talk.say(wordsOf(backbone, int8, paths.length, output));
    return 0;
  } finally {
    talk.stages.clear();
  }
}

function wordsOf(
  { manifest, modelBytes }: Backbone,
  int8: Uint8Array,
  pictures: number,
  output: string,
): string {
  return [
    `Backbone ${manifest.id}: ranges measured on ${counted(pictures, "picture")}.`,
    `float32  ${megabytes(modelBytes)}`,
    `int8     ${megabytes(int8)}`,
    `Folder   ${output}`,
    `Next     blemish train good/ --backbone ${output} --precision int8 --output part.blemish`,
  ].join("\n");
}

function megabytes({ length }: Uint8Array): string {
  return `${(length / 1e6).toFixed(1)} MB`;
}

const EXAMPLES = `
Examples:
  blemish backbone quantise backbones/resnet18 --pictures parts/ --output backbones/resnet18-int8
  blemish train good/ --backbone backbones/resnet18-int8 --precision int8 --output part.blemish`;
