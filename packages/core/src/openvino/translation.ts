/** What a translated graph is collected in, and what operators need to know of a layer to write themselves down. */
import type { BlemishError } from "../errors.js";
import { ONNX_TYPE } from "../onnx/data-types.js";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "../onnx/onnx-model.js";
import { tensorValues } from "../onnx/tensor-values.js";
import type { IrLayer, IrPort } from "./ir-graph.js";

/** A value of an attribute: a whole number, a text, or whole numbers. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** A layer on its way to ONNX. */
export interface Translation {
  readonly layer: IrLayer;
  /** Names of its inputs. */
  readonly inputs: readonly string[];
  /** Names of its outputs. */
  readonly outputs: readonly string[];
  /** Adds a node. @param outputs the layer's own when absent. @returns its first output. */
  add(
    opType: string,
    inputs: readonly string[],
    attributes?: Attributes,
    outputs?: readonly string[],
  ): string;
  /** Name for a value in between. */
  fresh(): string;
  /** An int64 constant. */
  ints(values: readonly number[]): string;
  /** A float32 constant. */
  floats(dims: readonly number[], values: readonly number[]): string;
  /** The constant behind an input; null where it is computed. */
  constant(input: number): OnnxTensor | null;
  /** A constant that another layer's place takes. @returns its name. */
  put(tensor: Omit<OnnxTensor, "name">): string;
  /** The layer, or what it asks for, is not known. */
  unsupported(what: string): BlemishError;
}

/** Writes a layer down. @throws BlemishError MODEL_UNSUPPORTED for what ONNX has no words for. */
export type Operator = (one: Translation) => void;

/** Whole numbers of a constant input. @throws BlemishError MODEL_UNSUPPORTED where it is computed or no list of numbers. */
export function constantInts(one: Translation, input: number): number[] {
  const tensor = one.constant(input);
  if (tensor === null) throw one.unsupported(`input ${input} that is computed`);
  const whole: readonly number[] = [ONNX_TYPE.int64, ONNX_TYPE.int32, ONNX_TYPE.int8, ONNX_TYPE.uint8];
  if (!whole.includes(tensor.dataType)) throw one.unsupported(`input ${input} that is no whole number`);
  return Array.from(tensorValues(tensor) as ArrayLike<number | bigint>, Number);
}

/** Numbers of an attribute that is a list; [] where it is absent. @throws BlemishError MODEL_UNSUPPORTED for others. */
export function listAttribute(one: Translation, name: string): number[] {
  const text = one.layer.attributes[name]?.trim() ?? "";
  const numbers = text === "" ? [] : text.split(",").map(Number);
  if (!numbers.every(Number.isSafeInteger)) throw one.unsupported(`${name} = ${text}`);
  return numbers;
}

/** A number. @throws BlemishError MODEL_UNSUPPORTED where it is none. */
export function numberAttribute(one: Translation, name: string, absent?: number): number {
  const text = one.layer.attributes[name];
  const value = text === undefined ? absent : Number(text);
  if (value === undefined || !Number.isFinite(value)) throw one.unsupported(`${name} = ${text ?? "nothing"}`);
  return value;
}

/** True for `true` and `1`, as both are written. */
export function isTrue(one: Translation, name: string, absent = false): boolean {
  const text = one.layer.attributes[name];
  return text === undefined ? absent : text === "true" || text === "1";
}

/** A word of those that are known. @throws BlemishError MODEL_UNSUPPORTED for others. */
export function wordAttribute<Word extends string>(
  one: Translation,
  name: string,
  known: readonly Word[],
  absent: Word,
): Word {
  const text = one.layer.attributes[name]?.toLowerCase() ?? absent;
  const word = known.find((candidate) => candidate === text);
  if (word === undefined) throw one.unsupported(`${name} = ${text}`);
  return word;
}

/** Sides of an input; -1 = any. @throws BlemishError MODEL_UNSUPPORTED where there is none. */
export function dimsOf(one: Translation, input: number): readonly number[] {
  const port: IrPort | undefined = one.layer.inputs[input];
  if (port === undefined) throw one.unsupported(`no input ${input}`);
  return port.dims;
}

/** A node of ONNX. */
export function nodeOf(
  opType: string,
  inputs: readonly string[],
  attributes: Attributes,
  outputs: readonly string[],
  name: string,
): OnnxNode {
  const list = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
  return { name, opType, domain: "", inputs, outputs, attributes: list };
}

function attributeOf(name: string, value: number | string | readonly number[]): OnnxAttribute {
  if (typeof value === "string") return { name, type: "string", value };
  if (typeof value === "number")
    return Number.isSafeInteger(value)
      ? { name, type: "int", value: BigInt(value) }
      : { name, type: "float", value };
  return { name, type: "ints", value: value.map(BigInt) };
}
