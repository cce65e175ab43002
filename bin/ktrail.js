#!/usr/bin/env node
"use strict";
// Starts the program on a Node that can run it. Syntax and imports stay old on purpose: an outdated Node must get as far
// as the sentence that says so. CommonJS on purpose too: Node's ES module loader costs a third of an empty program.
const { existsSync } = require("fs");
const { dirname, join } = require("path");

const NEEDED = 22;
const root = dirname(__dirname);
const program = join(root, "dist", "run.cjs");
const major = Number(process.versions.node.split(".")[0]);

if (major >= NEEDED) {
  start();
} else {
  const newer = join(root, "node_modules", "node", "bin", "node");
  if (existsSync(newer) && !process.env.KTRAIL_STARTED_AS) restart(newer);
  else {
    fail(
      "ktrail needs Node.js " +
        NEEDED +
        " or newer; this is " +
        process.version +
        " (" +
        process.execPath +
        "): install one from" +
        " https://nodejs.org/, or run ktrail on one with `npx -p node@24 -p ktrail ktrail`",
    );
  }
}

function fail(sentence) {
  process.stderr.write(sentence + "\n");
  process.exitCode = 2;
}

function start() {
  if (!existsSync(program)) {
    fail("ktrail is not built yet: run `npm run build` in " + root);
    return;
  }
  if (process.env.KTRAIL_STARTED_AS) endWithParent();
  try {
    const bounded = require(join(root, "dist", "bounded.cjs"));
    bounded.beginBounded(process.execArgv.concat(bounded.FLAG, process.argv[1]));
    process.env.NODE_ENV = "production";
    require(program).run("main.cjs");
  } catch (error) {
    // Not the stack: that of a syntax error has the line in it, which is most of the program.
    process.stderr.write(
      "ktrail could not start: " + ((error && error.message) || error) + "; is " + program + " damaged?\n",
    );
    process.exitCode = 1;
  }
}

/** The channel to the process that started this one closes when that ends, however it does: then this ends as by a lost terminal. */
function endWithParent() {
  if (!process.channel) return;
  process.on("disconnect", function () {
    process.kill(process.pid, "SIGHUP");
  });
  process.channel.unref();
}

/** Runs the same command line on another Node and ends as it ends: same exit code, same signal. */
function restart(node) {
  const env = Object.assign({}, process.env, { KTRAIL_STARTED_AS: String(process.pid) });
  const child = require("child_process").spawn(node, process.execArgv.concat(process.argv.slice(1)), {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: env,
  });
  const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGCONT"];
  forwarded.forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  // The shell watches this process: when it is told to stop, both stop.
  process.on("SIGTSTP", function () {
    child.kill("SIGTSTP");
    process.kill(process.pid, "SIGSTOP");
  });
  child.on("error", function (error) {
    fail("ktrail needs Node.js " + NEEDED + " or newer, and " + node + " does not start: " + error.message);
  });
  child.on("exit", function (code, signal) {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exit(code === null ? 1 : code);
    }
  });
}
