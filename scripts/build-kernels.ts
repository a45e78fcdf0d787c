/** Compiles the AssemblyScript kernels into modules that carry them as text. Tests rebuild and compare. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

const FOLDER = resolve(import.meta.dirname, "../packages/core/src/kernels");

/** The sources in `kernels/assembly` and the names of the constants made from them. */
const KERNELS = { "tile-kernels": "TILE_KERNELS", "pixel-kernels": "PIXEL_KERNELS" } as const;

/** The text of a generated module. */
export async function renderKernels(source: keyof typeof KERNELS): Promise<string> {
  const { default: asc } = await import("assemblyscript/asc");
  const output = new Map<string, Uint8Array | string>();
  const { error, stderr } = await asc.main(
    [
      resolve(FOLDER, `assembly/${source}.ts`),
      ...["--outFile", "kernels.wasm", "-O3", "--noAssert", "--runtime", "stub"],
      ...["--importMemory", "--enable", "simd", "--use", "abort="],
    ],
    { writeFile: (name: string, contents: Uint8Array | string) => void output.set(name, contents) },
  );
  const wasm = output.get("kernels.wasm");
  if (error || !(wasm instanceof Uint8Array)) throw new Error(`The kernels do not compile: ${stderr}`);
  const lines =
    Buffer.from(wasm)
      .toString("base64")
      .match(/.{1,100}/g) ?? [];
  return [
    `/** Made from \`assembly/${source}.ts\` by \`npm run kernels\`: the compiled kernels, base64. */`,
    `export const ${KERNELS[source]} =`,
    ...lines.map((line, index) => `  "${line}"${index === lines.length - 1 ? ";" : " +"}`),
    "",
  ].join("\n");
}

if (process.argv[1] === import.meta.filename) {
  for (const source of Object.keys(KERNELS) as (keyof typeof KERNELS)[])
    writeFileSync(resolve(FOLDER, `${source}-wasm.ts`), await renderKernels(source));
}
