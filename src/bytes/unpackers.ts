/** Decoders that are loaded when something is packed with them: a bundle of its own. */
export { fromBzip2 } from "./bzip2-layer.ts";
export { fromLz4 } from "./lz4-layer.ts";
export { fromXz } from "./xz-layer.ts";
