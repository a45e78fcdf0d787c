/** Writes what torch writes, for tests: pickles (protocol 2) and zip archives of stored files. */

/** A value to pickle. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | readonly Pickled[]
  | ReadonlyMap<Pickled, Pickled>
  /** A class or function by name. */
  | { readonly name: readonly [module: string, name: string] }
  /** A call, or with `state` an object that is filled. */
  | {
      readonly call: readonly [module: string, name: string];
      readonly args: readonly Pickled[];
      readonly state?: Pickled;
    }
  | { readonly storage: readonly [type: string, key: string, count: number] };

/** An object of a class with fields. */
export function object(module: string, name: string, fields: Readonly<Record<string, Pickled>>): Pickled {
  return { call: [module, name], args: [], state: dictionary(fields) };
}

/** A dictionary with texts as keys. */
export function dictionary(fields: Readonly<Record<string, Pickled>>): ReadonlyMap<Pickled, Pickled> {
  return new Map(Object.entries(fields));
}

/** The bytes of a pickle. */
export function pickle(value: Pickled): Uint8Array {
  const bytes: number[] = [0x80, 2];
  put(bytes, value);
  bytes.push(0x2e);
  return Uint8Array.from(bytes);
}

function put(bytes: number[], value: Pickled): void {
  if (value === null) bytes.push(0x4e);
  else if (typeof value === "boolean") bytes.push(value ? 0x88 : 0x89);
  else if (typeof value === "number") putNumber(bytes, value);
  else if (typeof value === "string") putText(bytes, value);
  else if (value instanceof Map) putPairs(bytes, value);
  else if (Array.isArray(value)) putMarked(bytes, value, 0x74);
  else if ("name" in value) putName(bytes, value.name);
  else if ("storage" in value) putStorage(bytes, value.storage);
  else if ("call" in value) putCall(bytes, value);
}

function putNumber(bytes: number[], value: number): void {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
    bytes.push(0x4a, ...new Uint8Array(Int32Array.of(value).buffer));
    return;
  }
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, false);
  bytes.push(0x47, ...new Uint8Array(view.buffer));
}

function putText(bytes: number[], value: string): void {
  const text = new TextEncoder().encode(value);
  bytes.push(0x58, ...new Uint8Array(Uint32Array.of(text.length).buffer), ...text);
}

function putPairs(bytes: number[], pairs: ReadonlyMap<Pickled, Pickled>): void {
  bytes.push(0x7d, 0x28);
  for (const [key, item] of pairs) {
    put(bytes, key);
    put(bytes, item);
  }
  bytes.push(0x75);
}

function putMarked(bytes: number[], items: readonly Pickled[], end: number): void {
  bytes.push(0x28);
  for (const item of items) put(bytes, item);
  bytes.push(end);
}

function putName(bytes: number[], [module, name]: readonly [string, string]): void {
  bytes.push(0x63, ...new TextEncoder().encode(`${module}\n${name}\n`));
}

function putStorage(bytes: number[], [type, key, count]: readonly [string, string, number]): void {
  putMarked(bytes, ["storage", { name: ["torch", type] }, key, "cpu", count], 0x74);
  bytes.push(0x51);
}

function putCall(bytes: number[], value: Extract<Pickled, { call: unknown }>): void {
  putName(bytes, value.call);
  putMarked(bytes, value.args, 0x74);
  bytes.push(0x52);
  if (value.state === undefined) return;
  put(bytes, value.state);
  bytes.push(0x62);
}

/** A zip archive of stored files. @param method 0 = stored; what it says, not what it does. */
export function zip(files: Readonly<Record<string, Uint8Array>>, method = 0): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = new TextEncoder().encode(path);
    const local = header(30, [
      [0, 0x04034b50, 4],
      [8, method, 2],
      [18, content.length, 4],
      [22, content.length, 4],
      [26, name.length, 2],
    ]);
    parts.push(local, name, content);
    directory.push(
      header(46, [
        [0, 0x02014b50, 4],
        [10, method, 2],
        [20, content.length, 4],
        [24, content.length, 4],
        [28, name.length, 2],
        [42, offset, 4],
      ]),
      name,
    );
    offset += local.length + name.length + content.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = Object.keys(files).length;
  const end = header(22, [
    [0, 0x06054b50, 4],
    [8, count, 2],
    [10, count, 2],
    [12, size, 4],
    [16, offset, 4],
  ]);
  return Buffer.concat([...parts, ...directory, end]);
}

function header(
  length: number,
  fields: readonly (readonly [at: number, value: number, bytes: 2 | 4])[],
): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  for (const [at, value, bytes] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  return new Uint8Array(view.buffer);
}

/** An archive as `torch.save` writes it. @param storages contents by key. */
export function torchArchive(
  value: Pickled,
  storages: Readonly<Record<string, ArrayBufferView>> = {},
): Uint8Array {
  const files: Record<string, Uint8Array> = { "archive/data.pkl": pickle(value) };
  for (const [key, { buffer, byteOffset, byteLength }] of Object.entries(storages))
    files[`archive/data/${key}`] = new Uint8Array(buffer, byteOffset, byteLength);
  return zip(files);
}

/** Collects tensors and their storages. */
export function tensorWriter() {
  const storages: Record<string, ArrayBufferView> = {};
  return {
    storages,
    /** A contiguous tensor of its own storage. */
    tensor(
      data: Float32Array | BigInt64Array | Uint8Array,
      shape: readonly number[],
      stride = strides(shape),
    ): Pickled {
      const key = String(Object.keys(storages).length);
      storages[key] = data;
      const type =
        data instanceof Float32Array
          ? "FloatStorage"
          : data instanceof BigInt64Array
            ? "LongStorage"
            : "ByteStorage";
      return {
        call: ["torch._utils", "_rebuild_tensor_v2"],
        args: [{ storage: [type, key, data.length] }, 0, shape, stride, false, new Map()],
      };
    },
  };
}

function strides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
}
