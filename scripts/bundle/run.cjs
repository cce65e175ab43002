"use strict";
// Runs a bundle with the code that V8 compiled from it when it was built. Another V8 than the build's rejects that code and compiles
// the bundle itself. Nothing is ever written: on a user's machine the program leaves no cache behind.
const { isAscii } = require("buffer");
const { readFileSync } = require("fs");
const { createRequire } = require("module");
const { join } = require("path");
const { Script } = require("vm");

/** Compiled scripts by bundle, so that the build can save what they have become. */
const scripts = new Map();
const modules = new Map();

function run(name) {
  const known = modules.get(name);
  if (known !== undefined) return known.exports;
  const filename = join(__dirname, name);
  const bytes = readFileSync(filename);
  // Half the memory, and nothing to decode.
  const source = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
  const script = new Script(source, { filename, cachedData: savedCode(filename) });
  const module = { exports: {} };
  modules.set(name, module);
  scripts.set(name, script);
  const requireOther = createRequire(filename);
  const require = (id) => (id.startsWith("./") ? run(id.slice(2)) : requireOther(id));
  script.runInThisContext().call(module.exports, module.exports, require, module, filename, __dirname);
  return module.exports;
}

function savedCode(filename) {
  try {
    return readFileSync(`${filename}.code`);
  } catch {
    return undefined;
  }
}

module.exports = { run, scripts };
