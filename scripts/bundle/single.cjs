"use strict";
// Begins the single file: Node with the bundles as its assets. There is nothing beside it to read, so threads get this file as text,
// and are told the bundle to run.
const { dirname, join } = require("path");
const { getRawAsset } = require("node:sea");
const threads = require("worker_threads");
const { beginBounded } = require("./bounded.cjs");
const { createLoader } = require("./run.cjs");

/** Where bundles say they are: told in stack traces only, the folder need not be there. */
const FOLDER = join(dirname(process.execPath), "ktrail-assets");

/** A thread by the place it has in an installed package: `…/threads/NAME.cjs`. */
class Thread extends threads.Worker {
  constructor(url, options) {
    const { name } = /(?<name>[\w-]+\.cjs)$/.exec(url.pathname).groups;
    const begin = `globalThis.ktrailBundle = ${JSON.stringify(name)};`;
    super(begin + Buffer.from(getRawAsset("single.cjs")).toString("latin1"), { ...options, eval: true });
  }
}

const OWN_MODULES = new Map([["node:worker_threads", { ...threads, Worker: Thread }]]);

const { run } = createLoader({
  read: (name) => Buffer.from(getRawAsset(name)),
  filenameOf: (name) => join(FOLDER, name),
  requireOf: () => (id) => OWN_MODULES.get(id) ?? require(id),
});

if (threads.isMainThread) beginBounded([]);
process.env.NODE_ENV = "production";
run(globalThis.ktrailBundle ?? "main.cjs");
