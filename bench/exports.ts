/**
 * Are exports the same model? Exports each model for the real Anomalib 0.7.0 and 2.7.0 and for programs in other languages, asks
 * them and our own engine about the same pictures, and writes the differences as JSON. Of an Anomalib 0.7 export (`model.onnx`
 * beside its `metadata.json`) Anomalib is asked about the original too: what it was before it went through our model file and back.
 *
 *   npx tsx bench/exports.ts --pictures DIR [--environment DIR] [--sample "COMMAND"]... [--results FILE] MODEL...
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import {
  type ExportFileOptions,
  exportModelFile,
  findImages,
  open,
  readImage,
  writeFileAtomic,
} from "@blemish/node";
import { ensureEnvironment } from "./peers/environment.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    environment: { type: "string", default: "out/peers" },
    pictures: { type: "string" },
    sample: { type: "string", multiple: true, default: [] },
    results: { type: "string" },
  },
});
if (values.pictures === undefined || positionals.length === 0)
  throw new Error("usage: bench/exports.ts --pictures DIR MODEL...");

interface Answer {
  readonly score: number;
  readonly label: boolean;
}

/** Somebody who judges with an exported model. */
interface Reader {
  readonly name: string;
  readonly how: ExportFileOptions;
  /** Normalised scores differ by their difference, raw ones by their share. */
  readonly scores: "normalised" | "raw";
  ask(model: string, pictures: readonly string[]): Promise<Answer[]>;
}

function anomalib(version: "0.7.0" | "2.7.0", preprocessing: "inside" | "outside"): Reader {
  const form = version === "0.7.0" ? "anomalib-0.7" : "anomalib-2";
  return {
    name: `Anomalib ${version}`,
    how: { form, preprocessing },
    scores: "normalised",
    async ask(model, pictures) {
      const python = ensureEnvironment(values.environment, version === "0.7.0" ? "a070" : "a270");
      const script = join(import.meta.dirname, "peers/exported.py");
      const metadata = version === "0.7.0" ? ["--metadata", metadataOf(model)] : [];
      const words = [script, "--form", form, "--model", model, "--check", ...metadata, ...pictures];
      return linesOf(python, words).flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
    },
  };
}

/** A program of `examples/`: prints path, raw score and label of each PPM. */
function sample(command: string): Reader {
  const [program, ...words] = command.split(" ") as [string, ...string[]];
  return {
    name: basename(words.at(-1) ?? program),
    how: { form: "blemish", preprocessing: "inside" },
    scores: "raw",
    async ask(model, pictures) {
      const folder = dirname(model);
      const ppms = await Promise.all(
        pictures.map((picture, i) => writePpm(picture, join(folder, `${i}.ppm`))),
      );
      return linesOf(program, [...words, model, ...ppms]).map((line) => {
        const [, score, label] = line.split(" ");
        return { score: Number(score), label: label === "anomalous" };
      });
    },
  };
}

const READERS = [
  anomalib("0.7.0", "outside"),
  anomalib("0.7.0", "inside"),
  anomalib("2.7.0", "inside"),
  ...values.sample.map(sample),
];

function linesOf(program: string, words: readonly string[]): string[] {
  const stdio = ["ignore", "pipe", "inherit"] as const;
  return execFileSync(program, words, { encoding: "utf8", maxBuffer: 1e8, stdio: [...stdio] })
    .trim()
    .split("\n");
}

async function writePpm(picture: string, file: string): Promise<string> {
  const { width, height, data } = await readImage(picture);
  await writeFileAtomic(file, Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), data]));
  return file;
}

function metadataOf(model: string): string {
  return join(dirname(model), "metadata.json");
}

/** Largest difference between two lists of answers to the same pictures, and how many labels differ. */
function difference(ours: readonly Answer[], theirs: readonly Answer[], { scores }: Reader) {
  const apart = ours.map(({ score }, i) => {
    const other = theirs[i]?.score ?? Number.NaN;
    return Math.abs(score - other) / (scores === "raw" ? Math.abs(score) : 1);
  });
  const flips = ours.filter(({ label }, i) => label !== theirs[i]?.label).length;
  return { score: Math.max(...apart), flips };
}

/** What our own engine says of the same pictures. */
async function askOurselves(
  path: string,
  pictures: readonly string[],
  { scores }: Reader,
): Promise<Answer[]> {
  const model = await open(path, { workers: 1 });
  const answers: Answer[] = [];
  for (const picture of pictures) {
    const { predScore, rawScore, predLabel: label } = await model.predict(picture, { maps: false });
    answers.push({ score: scores === "raw" ? (rawScore ?? Number.NaN) : predScore, label });
  }
  await model.close();
  return answers;
}

async function compare(path: string, reader: Reader, pictures: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "blemish-export-"));
  try {
    const file = join(folder, "model.onnx");
    const { exported } = await exportModelFile(path, file, reader.how);
    const answers = await reader.ask(file, pictures);
    const original = reader === READERS[0] && path.endsWith(".onnx") && existsSync(metadataOf(path));
    return {
      pictures: answers.length,
      scores: reader.scores,
      ...difference(await askOurselves(path, pictures, reader), answers, reader),
      ...(original && { original: difference(await reader.ask(path, pictures), answers, reader) }),
      leftBehind: exported.leftBehind,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const pictures = (await findImages([values.pictures])).map((found) =>
  typeof found === "string" ? found : found.path,
);
const rows = [];
for (const path of positionals)
  for (const reader of READERS) {
    const model = basename(path) === "model.onnx" ? basename(dirname(path)) : basename(path);
    const found = await compare(path, reader, pictures).catch((error: unknown) => ({ error: String(error) }));
    const row = { model, reader: reader.name, ...reader.how, ...found };
    console.log(JSON.stringify(row));
    rows.push(row);
  }
if (values.results !== undefined) await writeFileAtomic(values.results, `${JSON.stringify(rows, null, 2)}\n`);
