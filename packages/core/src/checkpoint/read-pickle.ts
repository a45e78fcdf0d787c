/**
 * Reads a pickle (protocols 2 to 5) as plain data. The operations that make containers and numbers are done; those that
 * call something only note what would have been called, and only for names of the list in `known-names.ts`. So no file can run
 * anything here. Source: Python's `pickletools` (the operations and their arguments).
 */
import { BlemishError } from "../errors.js";
import { isKnownName } from "./known-names.js";
import { asObject, type PickleDictionary, type PickleName, type PickleValue } from "./pickle-value.js";

/** More values than any checkpoint holds. */
const MOST_VALUES = 20_000_000;

/**
 * The value that a pickle holds.
 * @param subject what errors call the file.
 * @throws BlemishError CHECKPOINT_CODE when it names a class or function that is not on the list; MODEL_BROKEN when it is cut
 *   off or uses operations that no checkpoint has.
 */
export function readPickle(bytes: Uint8Array, subject: string): PickleValue {
  const reader = new PickleReader(bytes, subject);
  return reader.read();
}

/** A stack of values with marks, as the operations want it. */
class PickleReader {
  private readonly view: DataView;
  private at = 0;
  private stack: PickleValue[] = [];
  private readonly marked: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();
  private values = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly subject: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): PickleValue {
    for (;;) {
      const code = this.byte();
      if (code === STOP) return this.pop();
      const operation = OPERATIONS.get(code);
      if (operation === undefined)
        throw this.broken("operations that checkpoints have", `operation 0x${code.toString(16)}`);
      operation(this);
    }
  }

  push(value: PickleValue): void {
    if (++this.values > MOST_VALUES) throw this.broken(`at most ${MOST_VALUES} values`, "more");
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined) throw this.broken("values for every operation", "none");
    return value;
  }

  top(): PickleValue {
    const value = this.stack[this.stack.length - 1];
    if (value === undefined) throw this.broken("values for every operation", "none");
    return value;
  }

  mark(): void {
    this.marked.push(this.stack);
    this.stack = [];
  }

  /** The values since the last mark. */
  sinceMark(): PickleValue[] {
    const found = this.stack;
    const before = this.marked.pop();
    if (before === undefined) throw this.broken("a mark", "none");
    this.stack = before;
    return found;
  }

  remember(place: number): void {
    this.memo.set(place, this.top());
  }

  rememberNext(): void {
    this.remember(this.memo.size);
  }

  recall(place: number): void {
    const value = this.memo.get(place);
    if (value === undefined) throw this.broken("values that were remembered", `place ${place}`);
    this.push(value);
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  unsigned16(): number {
    return this.number(2, (at) => this.view.getUint16(at, true));
  }

  unsigned32(): number {
    return this.number(4, (at) => this.view.getUint32(at, true));
  }

  signed32(): number {
    return this.number(4, (at) => this.view.getInt32(at, true));
  }

  /** A length that must fit the file. */
  length64(): number {
    return this.number(8, (at) => Number(this.view.getBigUint64(at, true)));
  }

  float64(): number {
    return this.number(8, (at) => this.view.getFloat64(at, false));
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw this.broken("a whole pickle", "its end");
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }

  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.broken("a whole pickle", "its end");
    const line = this.text(end - this.at);
    this.at = end + 1;
    return line;
  }

  private number(length: number, get: (at: number) => number): number {
    this.take(length);
    return get(this.at - length);
  }

  nameOf(module: string, name: string): PickleName {
    if (isKnownName(module, name)) return { kind: "name", name: `${module}.${name}` };
    throw new BlemishError("CHECKPOINT_CODE", {
      subject: this.subject,
      expected: "tensors, numbers, texts and containers of them",
      found: `${module}.${name}`,
    });
  }

  broken(expected: string, found: string): BlemishError {
    return new BlemishError("MODEL_BROKEN", { subject: this.subject, expected, found });
  }
}

const STOP = 0x2e;

type Operation = (reader: PickleReader) => void;

/** What Python would call, noted; containers are made. */
function called(reader: PickleReader, target: PickleValue, given: PickleValue): PickleValue {
  const args = Array.isArray(given) ? given : [];
  const name = typeof target === "object" && target !== null && "kind" in target ? target : null;
  if (name === null || name.kind !== "name")
    throw reader.broken("a class or function by name", "something else");
  if (/^(collections\.(OrderedDict|defaultdict)|(builtins|__builtin__)\.dict)$/.test(name.name))
    return pairsOf(args[args.length - 1]);
  if (/^(builtins|__builtin__)\.(set|frozenset|list|tuple)$/.test(name.name))
    return Array.isArray(args[0]) ? [...args[0]] : [];
  return { kind: "object", name: name.name, args, state: null };
}

/** `OrderedDict([[key, value], …])` of early protocols. */
function pairsOf(given: PickleValue | undefined): PickleDictionary {
  const dictionary: PickleDictionary = new Map();
  if (!Array.isArray(given)) return dictionary;
  for (const pair of given) if (Array.isArray(pair)) dictionary.set(pair[0] ?? null, pair[1] ?? null);
  return dictionary;
}

function setItems(reader: PickleReader, items: readonly PickleValue[]): void {
  const target = reader.top();
  // Items of a class that is a dictionary of its own say nothing that is read here.
  if (asObject(target) !== null) return;
  if (!(target instanceof Map)) throw reader.broken("a dictionary to fill", "something else");
  for (let i = 0; i + 1 < items.length; i += 2)
    target.set(items[i] as PickleValue, items[i + 1] as PickleValue);
}

function append(reader: PickleReader, items: readonly PickleValue[]): void {
  const target = reader.top();
  if (asObject(target) !== null) return;
  if (!Array.isArray(target)) throw reader.broken("a list to fill", "something else");
  for (const item of items) target.push(item);
}

function build(reader: PickleReader): void {
  const state = reader.pop();
  const target = asObject(reader.top());
  // What is set on a dictionary besides its items (`_metadata`) says nothing that is read here.
  if (target !== null) target.state = state;
}

function call(reader: PickleReader): void {
  const args = reader.pop();
  reader.push(called(reader, reader.pop(), args));
}

function tupleOf(reader: PickleReader, count: number): void {
  const items = Array.from({ length: count }, () => reader.pop()).reverse();
  reader.push(items);
}

/** A whole number of any length, little endian, two's complement. */
function long(bytes: Uint8Array): number {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return Number(BigInt.asIntN(8 * bytes.length, value));
}

function stackGlobal(reader: PickleReader): void {
  const [name, module] = [reader.pop(), reader.pop()];
  if (typeof name !== "string" || typeof module !== "string") throw reader.broken("a name", "something else");
  reader.push(reader.nameOf(module, name));
}

function storage(reader: PickleReader): void {
  const reference = reader.pop();
  if (!Array.isArray(reference)) throw reader.broken("a reference to a storage", "something else");
  reader.push({ kind: "storage", reference });
}

/** By code, with the letters and names of `pickletools`. */
const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, (r) => void r.byte()], // PROTO
  [0x95, (r) => void r.length64()], // FRAME
  [0x28, (r) => r.mark()], // MARK
  [0x30, (r) => void r.pop()], // POP
  [0x31, (r) => void r.sinceMark()], // POP_MARK
  [0x32, (r) => r.push(r.top())], // DUP
  [0x4e, (r) => r.push(null)], // NONE
  [0x88, (r) => r.push(true)], // NEWTRUE
  [0x89, (r) => r.push(false)], // NEWFALSE
  [0x4b, (r) => r.push(r.byte())], // BININT1
  [0x4d, (r) => r.push(r.unsigned16())], // BININT2
  [0x4a, (r) => r.push(r.signed32())], // BININT
  [0x8a, (r) => r.push(long(r.take(r.byte())))], // LONG1
  [0x47, (r) => r.push(r.float64())], // BINFLOAT
  [0x58, (r) => r.push(r.text(r.unsigned32()))], // BINUNICODE
  [0x8c, (r) => r.push(r.text(r.byte()))], // SHORT_BINUNICODE
  [0x8d, (r) => r.push(r.text(r.length64()))], // BINUNICODE8
  [0x55, (r) => r.push(r.text(r.byte()))], // SHORT_BINSTRING
  [0x54, (r) => r.push(r.text(r.unsigned32()))], // BINSTRING
  [0x43, (r) => r.push(r.take(r.byte()))], // SHORT_BINBYTES
  [0x42, (r) => r.push(r.take(r.unsigned32()))], // BINBYTES
  [0x8e, (r) => r.push(r.take(r.length64()))], // BINBYTES8
  [0x5d, (r) => r.push([])], // EMPTY_LIST
  [0x29, (r) => r.push([])], // EMPTY_TUPLE
  [0x8f, (r) => r.push([])], // EMPTY_SET
  [0x7d, (r) => r.push(new Map())], // EMPTY_DICT
  [0x6c, (r) => pushMarked(r)], // LIST
  [0x74, (r) => pushMarked(r)], // TUPLE
  [0x91, (r) => pushMarked(r)], // FROZENSET
  [0x85, (r) => tupleOf(r, 1)], // TUPLE1
  [0x86, (r) => tupleOf(r, 2)], // TUPLE2
  [0x87, (r) => tupleOf(r, 3)], // TUPLE3
  [0x61, (r) => appendOne(r)], // APPEND
  [0x65, (r) => append2(r)], // APPENDS
  [0x90, (r) => append2(r)], // ADDITEMS
  [0x73, (r) => setOne(r)], // SETITEM
  [0x75, (r) => setMany(r)], // SETITEMS
  [0x71, (r) => r.remember(r.byte())], // BINPUT
  [0x72, (r) => r.remember(r.unsigned32())], // LONG_BINPUT
  [0x94, (r) => r.rememberNext()], // MEMOIZE
  [0x68, (r) => r.recall(r.byte())], // BINGET
  [0x6a, (r) => r.recall(r.unsigned32())], // LONG_BINGET
  [0x63, (r) => named(r)], // GLOBAL
  [0x93, (r) => stackGlobal(r)], // STACK_GLOBAL
  [0x52, (r) => call(r)], // REDUCE
  [0x81, (r) => call(r)], // NEWOBJ
  [0x92, (r) => callWithNames(r)], // NEWOBJ_EX
  [0x62, (r) => build(r)], // BUILD
  [0x51, (r) => storage(r)], // BINPERSID
]);

function named(reader: PickleReader): void {
  const module = reader.line();
  reader.push(reader.nameOf(module, reader.line()));
}

function pushMarked(reader: PickleReader): void {
  const items = reader.sinceMark();
  reader.push(items);
}

function appendOne(reader: PickleReader): void {
  const item = reader.pop();
  append(reader, [item]);
}

function append2(reader: PickleReader): void {
  const items = reader.sinceMark();
  append(reader, items);
}

function setOne(reader: PickleReader): void {
  const value = reader.pop();
  const key = reader.pop();
  setItems(reader, [key, value]);
}

function setMany(reader: PickleReader): void {
  const items = reader.sinceMark();
  setItems(reader, items);
}

function callWithNames(reader: PickleReader): void {
  reader.pop();
  call(reader);
}
