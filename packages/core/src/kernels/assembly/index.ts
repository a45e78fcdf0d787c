// All kernels, compiled into one module (scripts/build-kernels.ts).

export * from "./head-kernels";
export * from "./map-kernels";
export * from "./neighbour-kernels";
export * from "./pixel-kernels";
export * from "./row-filters";
export * from "./tile-kernels";
