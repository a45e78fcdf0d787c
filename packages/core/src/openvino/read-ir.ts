/**
 * The layers and edges of `model.xml`. Source: OpenVINO's IR format, versions 10 and 11 (OpenVINO 2020.1 to 2025). Nested
 * bodies (If, Loop) are not read.
 */
import { BlemishError } from "../errors.js";
import type { IrGraph, IrLayer, IrPort } from "./ir-graph.js";
import type { XmlElement } from "./xml-element.js";

/** Versions that are read; they differ in nothing that is looked at. */
const VERSIONS = [10, 11];

/** Largest side of a value, and most axes. */
const MAX_SIDE = 2 ** 31;
const MAX_AXES = 16;

/**
 * Reads a graph.
 * @param root the element `net`.
 * @throws BlemishError MODEL_FORMAT when it is no IR, MODEL_UNSUPPORTED for another version, MODEL_BROKEN for layers and edges that
 *   do not fit together.
 */
export function readIr(root: XmlElement, subject: string): IrGraph {
  const [layers, edges] = ["layers", "edges"].map((name) => root.children.find((one) => one.name === name));
  if (root.name !== "net" || layers === undefined || edges === undefined)
    throw new BlemishError("MODEL_FORMAT", {
      subject,
      expected: "an OpenVINO IR: <net> with <layers> and <edges>",
      found: `<${root.name}>`,
    });
  const version = Number(root.attributes.version);
  if (!VERSIONS.includes(version))
    throw new BlemishError("MODEL_UNSUPPORTED", {
      subject,
      expected: `an IR of version ${VERSIONS.join(" or ")}`,
      found: `version ${root.attributes.version ?? "unknown"}`,
    });
  const found = unlinkedLayers(layers, subject);
  return {
    name: root.attributes.name ?? "",
    version,
    converter: converterOf(root),
    layers: inOrder(found, sourcesOf(edges, found, subject), subject),
  };
}

/** A layer as it stands in the file. */
interface Unlinked extends Omit<IrLayer, "inputs"> {
  /** Its input ports, in their order. */
  readonly ports: readonly string[];
}

function unlinkedLayers(layers: XmlElement, subject: string): Map<string, Unlinked> {
  const found = new Map<string, Unlinked>();
  for (const element of layers.children) {
    if (element.name !== "layer") continue;
    const layer = unlinked(element, subject);
    if (found.has(layer.id)) throw broken(subject, "layers with ids of their own", `id ${layer.id} twice`);
    found.set(layer.id, layer);
  }
  return found;
}

function unlinked(element: XmlElement, subject: string): Unlinked {
  const { id, name = "", type, version = "opset1" } = element.attributes;
  if (id === undefined || type === undefined)
    throw broken(subject, "layers with id and type", `a layer without: ${name}`);
  const child = (wanted: string) => element.children.find((one) => one.name === wanted);
  const ports = (wanted: string) => (child(wanted)?.children ?? []).filter((one) => one.name === "port");
  const outputs = ports("output").map((port) => portOf(port, id, `${type} ${name}`, subject));
  return {
    ...{ id, name, type, opset: version, attributes: child("data")?.attributes ?? {} },
    ports: ports("input").map((port) => port.attributes.id ?? ""),
    outputs,
  };
}

function portOf(port: XmlElement, layer: string, what: string, subject: string): IrPort {
  const { id = "", precision = "", names = "" } = port.attributes;
  const dims = port.children.filter(({ name }) => name === "dim").map(({ text }) => sideOf(text));
  if (dims.length > MAX_AXES || dims.some(Number.isNaN))
    throw broken(subject, `up to ${MAX_AXES} sides below 2³¹`, `others at an output of ${what}`);
  return { layer, port: id, precision: precision.toUpperCase(), dims, names: namesOf(names) };
}

/** -1 and ? stand for any size. @returns NaN for what is no side. */
function sideOf(text: string): number {
  const side = text.trim() === "?" ? -1 : Number(text);
  const whole = text.trim() !== "" && Number.isInteger(side) && side >= -1 && side < MAX_SIDE;
  return whole ? side : Number.NaN;
}

/** Names in a list; a comma inside of a name is written with a backslash. */
function namesOf(list: string): string[] {
  return list
    .split(/(?<!\\),/)
    .map((name) => name.replaceAll("\\,", ","))
    .filter((name) => name !== "");
}

/** Input of a layer → where it comes from. */
type Sources = ReadonlyMap<string, { readonly layer: string; readonly port: string }>;

function sourcesOf(edges: XmlElement, layers: ReadonlyMap<string, Unlinked>, subject: string): Sources {
  const sources = new Map<string, { layer: string; port: string }>();
  for (const { name, attributes } of edges.children) {
    if (name !== "edge") continue;
    const { "from-layer": layer = "", "from-port": port = "" } = attributes;
    const { "to-layer": to = "", "to-port": toPort = "" } = attributes;
    const key = inputKey(to, toPort);
    const exists = layers.get(layer)?.outputs.some((output) => output.port === port) === true;
    if (!exists) throw broken(subject, "edges from outputs that exist", `one from ${layer}:${port}`);
    if (sources.has(key)) throw broken(subject, "one edge to an input", `two to ${to}:${toPort}`);
    sources.set(key, { layer, port });
  }
  return sources;
}

function inputKey(layer: string, port: string): string {
  return `${layer}:${port}`;
}

/** Layers with their inputs, each after those that it needs: depth first, without recursion. */
function inOrder(found: ReadonlyMap<string, Unlinked>, sources: Sources, subject: string): IrLayer[] {
  const done = new Map<string, IrLayer>();
  const begun = new Set<string>();
  for (const start of found.keys()) {
    const waiting = [start];
    for (let id = waiting.at(-1); id !== undefined; id = waiting.at(-1)) {
      if (done.has(id)) {
        waiting.pop();
        continue;
      }
      const { ports, ...layer } = found.get(id) as Unlinked;
      const needed = ports.map((port) => sources.get(inputKey(id as string, port)));
      const open = needed.flatMap((source) => (source && !done.has(source.layer) ? [source.layer] : []));
      if (open.length > 0) {
        if (begun.has(id))
          throw broken(subject, "a graph without circles", `one at ${layer.type} ${layer.name}`);
        begun.add(id);
        waiting.push(...open);
        continue;
      }
      const inputs = needed.map((source) => outputAt(done, source, layer, subject));
      done.set(id, { ...layer, inputs });
      waiting.pop();
    }
  }
  return [...done.values()];
}

function outputAt(
  done: ReadonlyMap<string, IrLayer>,
  source: { readonly layer: string; readonly port: string } | undefined,
  { type, name }: Pick<IrLayer, "type" | "name">,
  subject: string,
): IrPort {
  const output = done.get(source?.layer ?? "")?.outputs.find(({ port }) => port === source?.port);
  if (output === undefined) throw broken(subject, "an edge to every input", `none to ${type} ${name}`);
  return output;
}

/** What wrote the file: Model Optimizer (`MO_version`) or the newer converter (`Runtime_version`). */
function converterOf(root: XmlElement): string | null {
  const said = root.children.find(({ name }) => name === "rt_info")?.children ?? [];
  const version = (name: string) => said.find((one) => one.name === name)?.attributes.value;
  const [mo, runtime] = [version("MO_version"), version("Runtime_version")];
  if (mo !== undefined) return `Model Optimizer ${mo}`;
  return runtime === undefined ? null : `OpenVINO ${runtime}`;
}

function broken(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("MODEL_BROKEN", { subject, expected, found });
}
