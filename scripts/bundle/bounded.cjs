"use strict";
// The explorer's process begins anew with less room for what it drops: how far V8's young space grows, and what malloc gives back of
// what was freed, can only be said when a process begins. Same pid, same terminal: a start of Node more, and 30-60 MiB less after a million requests.
const { accessSync, constants, existsSync, statSync } = require("fs");
const { isatty } = require("tty");

/** Nothing else in the environment says that this is the second beginning. */
const BEGUN = "KTRAIL_BOUNDED";
const FLAG = "--max-semi-space-size=2";
/** Arrays from 256 KiB are given back when they are freed; less of the rest lies in heaps of threads. */
const MALLOC = { MALLOC_MMAP_THRESHOLD_: "262144", MALLOC_ARENA_MAX: "2" };
/** A command line that the system may not take again is left alone: Node aborts where it can't begin. */
const MOST_CHARACTERS = 65_536;

/** Of small files nothing is dropped that is worth it: only a command line without options names nothing else. */
const SMALL_BYTES = 16 * 1024 * 1024;

function isSmallFile(word) {
  const stats = statSync(word, { throwIfNoEntry: false });
  return stats !== undefined && stats.isFile() && stats.size < SMALL_BYTES;
}

/** Whether words of a command line open the explorer on more than that. A wrong guess costs the start, or the memory. */
function opensLargeLog(words) {
  if (!isatty(1)) return false;
  const [first] = words.filter((word) => !word.startsWith("-"));
  if (first === undefined) return !isatty(0);
  if (words.every(isSmallFile)) return false;
  return first === "listen" || !/^[a-z-]+$/.test(first) || existsSync(first);
}

/** Does not return where the process begins anew. `own`: what stands before the words of its command line. */
function beginBounded(own) {
  const { env, execPath } = process;
  if (env[BEGUN] === String(process.pid)) {
    // What is started from here is not bounded by it.
    delete env[BEGUN];
    for (const [name, value] of Object.entries(MALLOC)) if (env[name] === value) delete env[name];
    return;
  }
  const words = process.argv.slice(2);
  if (process.execve === undefined || process.platform !== "linux") return;
  // Another process waits for this one; bytes that are no UTF-8 are gone from these words.
  if (env.KTRAIL_STARTED_AS !== undefined || words.some((word) => word.includes("\ufffd"))) return;
  if (words.join(" ").length > MOST_CHARACTERS) return;
  try {
    if (!opensLargeLog(words)) return;
    accessSync(execPath, constants.X_OK);
  } catch {
    return;
  }
  process.execve(execPath, [process.argv0, ...own, ...words], { ...MALLOC, ...env, [BEGUN]: String(process.pid) });
}

module.exports = { beginBounded, FLAG, MALLOC };
