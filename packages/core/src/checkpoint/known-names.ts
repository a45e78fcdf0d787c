/** Which classes and functions a checkpoint may name. Naming is all that happens; what names others is refused. */

/** Packages that checkpoints of Anomalib are made of. Their objects are kept as names with arguments. */
const PACKAGES = new Set([
  "anomalib",
  "collections",
  "jsonargparse",
  "kornia",
  "lightning",
  "lightning_fabric",
  "numpy",
  "omegaconf",
  "pathlib",
  "pytorch_lightning",
  "timm",
  "torch",
  "torchmetrics",
  "torchvision",
  "typing",
]);

/** Of Python itself only containers and numbers, and `getattr`, which here names a method and nothing more. */
const BUILTINS = new Set([
  "bool",
  "bytearray",
  "complex",
  "dict",
  "float",
  "frozenset",
  "getattr",
  "int",
  "list",
  "long",
  "object",
  "set",
  "slice",
  "str",
  "tuple",
]);

/** Further names, module and name. */
const OTHERS = new Set(["_codecs.encode", "copyreg._reconstructor", "copy_reg._reconstructor"]);

/**
 * Parts of these packages that run what they are given; no checkpoint of Anomalib names them. A list of what is known to be
 * bad would never be whole: nothing is called either way, and this only makes the refusal say so.
 */
const RUNS = /(^|\.)(hub|jit|utils\.cpp_extension|distributed|package|f2py|testing|distutils)(\.|$)/;

/** True for names that a checkpoint may hold. @param module as the pickle writes it, `torch._utils`. */
export function isKnownName(module: string, name: string): boolean {
  if (module === "__builtin__" || module === "builtins") return BUILTINS.has(name);
  if (OTHERS.has(`${module}.${name}`)) return true;
  const [root] = module.split(".");
  return PACKAGES.has(root as string) && !RUNS.test(module);
}
