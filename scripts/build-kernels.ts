/** Compiles the AssemblyScript kernels into a module that carries them as text. A test rebuilds and compares. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

const FOLDER = resolve(import.meta.dirname, "../packages/core/src/kernels");

/** The text of a generated module. */
export async function renderKernels(): Promise<string> {
  const { default: asc } = await import("assemblyscript/asc");
  const output = new Map<string, Uint8Array | string>();
  const { error, stderr } = await asc.main(
    [
      resolve(FOLDER, "assembly/index.ts"),
      ...["--outFile", "kernels.wasm", "-O3", "--noAssert", "--runtime", "stub"],
      // With a maximum in the import, one flag makes it take shared memory (kernels/instantiate.ts).
      ...["--importMemory", "--maximumMemory", "65536", "--enable", "simd", "--use", "abort="],
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
    "/** Made from `assembly/` by `npm run kernels`: the compiled kernels, base64. */",
    "export const KERNELS =",
    ...lines.map((line, index) => `  "${line}"${index === lines.length - 1 ? ";" : " +"}`),
    "",
  ].join("\n");
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(resolve(FOLDER, "compiled-kernels.ts"), await renderKernels());
