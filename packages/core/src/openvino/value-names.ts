/** Names for the values of an IR: those that the converter kept of the ONNX file, as far as they are unambiguous. */
import type { IrGraph, IrPort } from "./ir-graph.js";

/** How Result layers of graph outputs are named: the output's own name, then this. */
const RESULT = /\/sink_port_\d+$/;

/** Looks names up. */
export interface ValueNames {
  of(port: IrPort): string;
  /** A name that no value has. */
  fresh(): string;
}

/** A name for every value of the graph, no two alike. */
export function valueNames({ layers }: IrGraph): ValueNames {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  let count = 0;
  const fresh = () => {
    let name = `between_${count++}`;
    while (taken.has(name)) name = `between_${count++}`;
    taken.add(name);
    return name;
  };
  const give = (port: IrPort, wanted: readonly string[]) => {
    const key = keyOf(port);
    if (names.has(key)) return;
    const free = wanted.find((name) => name !== "" && !taken.has(name)) ?? fresh();
    taken.add(free);
    names.set(key, free);
  };
  // Outputs of the graph first: their names are what a caller asks for.
  for (const { type, name, inputs } of layers) {
    const [port] = inputs;
    if (type !== "Result" || port === undefined) continue;
    const own = name.replace(RESULT, "");
    give(port, port.names.includes(own) ? [own] : [...port.names, own]);
  }
  for (const { outputs, name } of layers)
    for (const port of outputs) give(port, [...port.names, ...(outputs.length === 1 ? [name] : [])]);
  return { of: (port) => names.get(keyOf(port)) as string, fresh };
}

function keyOf({ layer, port }: IrPort): string {
  return `${layer}:${port}`;
}
