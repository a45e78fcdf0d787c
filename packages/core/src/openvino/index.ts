/** Public names for OpenVINO's files. */
export type { IrGraph, IrLayer, IrPort } from "./ir-graph.js";
export { readIr } from "./read-ir.js";
export { translateIr } from "./translate-ir.js";
export type { XmlElement } from "./xml-element.js";
