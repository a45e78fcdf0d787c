/**
 * What torch saved, as plain data: the tensors of a Lightning checkpoint (`model.ckpt`) or of a saved module (`model.pt`) by
 * their names, and what else it says. Nothing of it is run. Source: torch's `torch.save` (zip archive with `data.pkl` and
 * one file for each storage); Lightning's checkpoint keys; Anomalib 0.7 and 2.x `model.pt`.
 */
import type { NamedArray } from "../bundle/safetensors.js";
import { BlemishError } from "../errors.js";
import { asDictionary, asObject, type PickleDictionary, type PickleValue } from "./pickle-value.js";
import { readPickle } from "./read-pickle.js";
import { readTensor, type StorageFiles } from "./read-tensor.js";
import { readZip } from "./read-zip.js";

/** A checkpoint as plain data. */
export interface Checkpoint {
  /** Parameters and buffers by their dotted names; of a Lightning checkpoint those of its `state_dict`. */
  readonly tensors: Readonly<Record<string, NamedArray>>;
  /** Everything that was saved, by its first key. */
  readonly root: PickleDictionary;
  /** The object that was saved as `model`, by class; null for a Lightning checkpoint. */
  readonly module: string | null;
}

/** Modules within modules; far more than any network has. */
const DEEPEST = 64;

/**
 * @param archive the whole file.
 * @param subject what errors call it.
 * @throws BlemishError MODEL_FORMAT when it is no checkpoint, MODEL_BROKEN when it is damaged, CHECKPOINT_CODE when it names
 *   what it should not.
 */
export function readCheckpoint(archive: Uint8Array, subject: string): Checkpoint {
  const files = readZip(archive, subject);
  const pickle = [...files.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickle === undefined) throw noCheckpoint(subject, "an archive without data.pkl");
  const folder = pickle.slice(0, -"data.pkl".length);
  const order = files.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order).trim() !== "little")
    throw noCheckpoint(subject, "numbers in big-endian order");
  const root = asDictionary(readPickle(files.get(pickle) as Uint8Array, subject));
  if (root === null) throw noCheckpoint(subject, "no dictionary");
  const storages: StorageFiles = (key) => files.get(`${folder}data/${key}`);
  const state = asDictionary(root.get("state_dict"));
  if (state !== null) return { tensors: tensorsOf(state, storages, subject), root, module: null };
  const module = asObject(root.get("model"));
  if (module === null)
    throw noCheckpoint(subject, `the keys ${[...root.keys()].map(String).join(", ") || "none"}`);
  const tensors: Record<string, NamedArray> = {};
  collect(module.state, "", { tensors, storages, subject, depth: 0 });
  return { tensors, root, module: module.name };
}

function tensorsOf(
  state: PickleDictionary,
  files: StorageFiles,
  subject: string,
): Record<string, NamedArray> {
  const tensors: Record<string, NamedArray> = {};
  for (const [name, value] of state) take(tensors, String(name), value, files, subject);
  return tensors;
}

function take(
  tensors: Record<string, NamedArray>,
  name: string,
  value: PickleValue,
  files: StorageFiles,
  subject: string,
): void {
  const object = asObject(value);
  const tensor = object === null ? null : readTensor(object, files, subject);
  if (tensor !== null) tensors[name] = tensor;
}

interface Collecting {
  readonly tensors: Record<string, NamedArray>;
  readonly storages: StorageFiles;
  readonly subject: string;
  readonly depth: number;
}

/** Parameters and buffers of a module and those inside of it, named as `state_dict` names them. */
function collect(state: PickleValue, prefix: string, collecting: Collecting): void {
  const { tensors, storages, subject, depth } = collecting;
  const fields = asDictionary(state);
  if (fields === null || depth > DEEPEST) return;
  for (const kind of ["_parameters", "_buffers"])
    for (const [name, value] of asDictionary(fields.get(kind)) ?? [])
      take(tensors, prefix + String(name), value, storages, subject);
  for (const [name, module] of asDictionary(fields.get("_modules")) ?? []) {
    const inner = asObject(module);
    if (inner !== null)
      collect(inner.state, `${prefix}${String(name)}.`, { ...collecting, depth: depth + 1 });
  }
}

function noCheckpoint(subject: string, found: string): BlemishError {
  return new BlemishError("MODEL_FORMAT", {
    subject,
    expected: "a checkpoint of torch (model.pt, model.ckpt)",
    found,
  });
}
