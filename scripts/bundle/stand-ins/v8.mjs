// node:v8 for a module that hardly ever uses it: it loads Node's streams of heap snapshots.
export const setFlagsFromString = (...args) => require("node:v8/original").setFlagsFromString(...args);
