"use strict";
// Runs a bundle with the code that V8 compiled from it when it was built. Another V8 than the build's rejects that code and compiles
// the bundle itself. Nothing is ever written: on a user's machine the program leaves no cache behind.
const { isAscii } = require("buffer");
const { readFileSync } = require("fs");
const { createRequire } = require("module");
const { join } = require("path");
const { Script } = require("vm");
const { crc32 } = require("zlib");

/** Before the code: checksums of the bundle it was compiled from and of itself. V8 compares lengths only, and trusts what it reads. */
const HEADER_BYTES = 8;

/**
 * `read` gives the bytes of a file by its name, or throws; `filenameOf` is what a bundle is told it was read from; `requireOf` gives it
 * a `require` for what is no bundle.
 */
function createLoader({ read, filenameOf, requireOf }) {
  /** Compiled scripts by bundle, so that the build can save what they have become. */
  const scripts = new Map();
  const modules = new Map();

  function run(name) {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const filename = filenameOf(name);
    const bytes = read(name);
    // Half the memory, and nothing to decode.
    const source = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
    const script = new Script(source, { filename, cachedData: savedCode(name, bytes) });
    const module = { exports: {} };
    modules.set(name, module);
    scripts.set(name, script);
    const requireOther = requireOf(filename);
    const require = (id) => (id.startsWith("./") ? run(id.slice(2)) : requireOther(id));
    script.runInThisContext().call(module.exports, module.exports, require, module, filename, __dirname);
    return module.exports;
  }

  function savedCode(name, source) {
    let saved;
    try {
      saved = read(`${name}.code`);
    } catch {
      return undefined;
    }
    // Node 22.0 and 22.1 have no crc32.
    if (crc32 === undefined || saved.length < HEADER_BYTES) return undefined;
    const code = saved.subarray(HEADER_BYTES);
    return saved.readUInt32LE(0) === crc32(source) && saved.readUInt32LE(4) === crc32(code) ? code : undefined;
  }

  return { run, scripts };
}

/** What is accepted as saved code of a bundle. */
function bound(code, source) {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(crc32(source), 0);
  header.writeUInt32LE(crc32(code), 4);
  return Buffer.concat([header, code]);
}

const filenameOf = (name) => join(__dirname, name);
const files = { read: (name) => readFileSync(filenameOf(name)), filenameOf, requireOf: createRequire };

module.exports = { bound, createLoader, ...createLoader(files) };
