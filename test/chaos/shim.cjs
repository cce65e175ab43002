"use strict";
// Preloaded into the program under test: fails file operations and moves the clock as the control file says, without a file
// system of its own. Only what is opened in the log's folder fails.
const fs = require("node:fs");
const promises = require("node:fs/promises");
const { isMainThread } = require("node:worker_threads");

const CONTROL = process.env.KTRAIL_CHAOS;
const EVERY_MS = 10;
const { readFileSync, readSync, openSync, closeSync } = fs;
const { open } = promises;
const { now } = Date;

let state = { folder: "", read: 0, open: 0, clockMs: 0, endWorker: false };
const opened = new Set();
const handles = new WeakSet();

function look() {
  try {
    state = JSON.parse(readFileSync(CONTROL, "utf8"));
  } catch {
    // Written at this moment.
  }
  if (state.endWorker && !isMainThread) process.exit(1);
}

function fails(share) {
  return share > 0 && Math.random() < share;
}

function failure(code, errno, syscall) {
  return Object.assign(new Error(`${code}: made up, ${syscall}`), { code, errno, syscall });
}

function isLog(path) {
  return state.folder !== "" && String(path).startsWith(state.folder);
}

fs.openSync = function (path, ...rest) {
  if (isLog(path) && fails(state.open)) throw failure("EMFILE", -24, "open");
  const fd = openSync(path, ...rest);
  if (isLog(path)) opened.add(fd);
  return fd;
};
fs.closeSync = function (fd) {
  opened.delete(fd);
  return closeSync(fd);
};
fs.readSync = function (fd, ...rest) {
  if (opened.has(fd) && fails(state.read)) throw failure("EIO", -5, "read");
  return readSync(fd, ...rest);
};
promises.open = async function (path, ...rest) {
  if (isLog(path) && fails(state.open)) throw failure("EMFILE", -24, "open");
  const handle = await open(path, ...rest);
  if (!isLog(path)) return handle;
  const { read } = handle;
  handle.read = async function (...args) {
    if (fails(state.read)) throw failure("EIO", -5, "read");
    return read.apply(handle, args);
  };
  handles.add(handle);
  return handle;
};
Date.now = () => now() + state.clockMs;

if (CONTROL !== undefined) {
  look();
  setInterval(look, EVERY_MS).unref();
}
