/**
 * Are exports the same model? Exports each model in the forms that Anomalib loads, asks the real Anomalib 0.7.0 and 2.7.0 and our
 * own engine about the same pictures, and writes the differences as JSON.
 *
 *   npx tsx bench/exports.ts --environment DIR --pictures DIR [--results FILE] MODEL...
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { exportModelFile, findImages, open, writeFileAtomic } from "@blemish/node";
import { ensureEnvironment } from "./peers/environment.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    environment: { type: "string", default: "out/peers" },
    pictures: { type: "string" },
    results: { type: "string" },
  },
});
if (values.pictures === undefined || positionals.length === 0)
  throw new Error("usage: bench/exports.ts --environment DIR --pictures DIR MODEL...");

/** Which Anomalib loads which form. */
const READERS = { "anomalib-0.7": "a070", "anomalib-2": "a270" } as const;

type Form = keyof typeof READERS;

interface Answer {
  readonly path: string;
  readonly score: number;
  readonly label: boolean;
}

/** The real Anomalib on an exported model. */
function ask(form: Form, python: string, folder: string, pictures: readonly string[]): Answer[] {
  const script = join(import.meta.dirname, "peers/exported.py");
  const model = ["--model", join(folder, "model.onnx"), "--check"];
  const metadata = form === "anomalib-0.7" ? ["--metadata", join(folder, "metadata.json")] : [];
  const lines = execFileSync(python, [script, "--form", form, ...model, ...metadata, ...pictures], {
    encoding: "utf8",
    maxBuffer: 1e8,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return lines.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Answer] : []));
}

async function compare(path: string, form: Form, pictures: readonly string[]) {
  const python = ensureEnvironment(values.environment, READERS[form]);
  const folder = mkdtempSync(join(tmpdir(), "blemish-export-"));
  try {
    const { exported } = await exportModelFile(path, join(folder, "model.onnx"), { form });
    const answers = ask(form, python, folder, pictures);
    const model = await open(path, { workers: 1 });
    let [worst, flips] = [0, 0];
    for (const { path: picture, score, label } of answers) {
      const own = await model.predict(picture, { maps: false });
      worst = Math.max(worst, Math.abs(own.predScore - score));
      if (own.predLabel !== label) flips++;
    }
    await model.close();
    return {
      model: basename(path),
      form,
      pictures: answers.length,
      score: worst,
      flips,
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
  for (const form of Object.keys(READERS) as Form[]) {
    const row = await compare(path, form, pictures).catch((error: unknown) => ({
      model: basename(path),
      form,
      error: String(error),
    }));
    console.log(JSON.stringify(row));
    rows.push(row);
  }
if (values.results !== undefined) await writeFileAtomic(values.results, `${JSON.stringify(rows, null, 2)}\n`);
