"use strict";
// Started by the build: runs one command line of the built program, the explorer without a terminal, and saves what V8 has
// compiled by then beside the bundles. A run adds to what earlier ones saved. Starting the program then compiles next to nothing.
const { readFileSync, writeFileSync } = require("fs");
const { join } = require("path");
const { Readable, Writable } = require("stream");
const threads = require("worker_threads");

const DIST = join(__dirname, "../../dist");
const { bound, run, scripts } = require(join(DIST, "run.cjs"));
const PATIENCE_MS = 30_000;

function save() {
  for (const [name, script] of scripts) {
    const bundle = join(DIST, name);
    writeFileSync(`${bundle}.code`, bound(script.createCachedData(), readFileSync(bundle)));
  }
}

/** The engine's thread: the same bundle, and a message that has its code saved. */
function engine() {
  run("worker.cjs");
  threads.parentPort.on("message", ({ type }) => {
    if (type !== "save-code") return;
    save();
    threads.parentPort.postMessage({ type: "code-saved" });
  });
}

function replace(name, stream, members) {
  Object.defineProperty(process, name, { value: Object.assign(stream, { isTTY: true }, members) });
}

function explorer() {
  let shown = "";
  let worker = null;
  replace("stdin", new Readable({ read() {} }), { setRawMode() {}, ref() {}, unref() {} });
  const write = (chunk, _encoding, done) => {
    shown += chunk;
    done();
  };
  replace("stdout", new Writable({ write }), { columns: 120, rows: 40 });
  threads.Worker = class extends threads.Worker {
    constructor() {
      super(__filename);
      worker = this;
      this.on("message", ({ type }) => {
        if (type === "code-saved") process.exit(0);
      });
    }
  };
  const looking = setInterval(() => {
    // A heading of the overview: it stands there when the answers do.
    if (!shown.includes("Resources") || worker === null) return;
    clearInterval(looking);
    worker.postMessage({ type: "save-code" });
  }, 50);
}

if (!threads.isMainThread) engine();
else {
  Object.assign(process.env, { NODE_ENV: "production", TERM: "xterm-256color", LC_ALL: "C.UTF-8" });
  process.argv.splice(1, 1, join(DIST, "main.cjs"));
  if (process.argv.length === 3) explorer();
  const late = setTimeout(() => {
    process.stderr.write("the program did not get ready\n");
    process.exit(1);
  }, PATIENCE_MS);
  late.unref();
  process.on("exit", save);
  run("main.cjs");
}
