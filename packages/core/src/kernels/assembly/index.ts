// All kernels, compiled into one module (scripts/build-kernels.ts).

export * from "./direct-distances";
export * from "./head-integers";
export * from "./head-kernels";
export * from "./inflate";
export * from "./map-kernels";
export * from "./neighbour-hints";
export * from "./neighbour-kernels";
export * from "./pixel-kernels";
export * from "./row-filters";
export { panelTailsFloat32, panelTailsInt16, rowTailsFloat32, rowTailsInt16 } from "./tails";
export * from "./tile-kernels";
