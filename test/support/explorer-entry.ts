import { runExplorer } from "../../src/ui/explorer.tsx";
import { request, SampleEngine } from "./sample-engine.ts";
import { sampleLanguage, samplePanes } from "./sample-panes.ts";

// The explorer over sample data as a program of its own, for tests in a real terminal.
const rows = Array.from({ length: 200 }, (_, seq) =>
  request(seq, { user: seq % 3 === 0 ? "bob" : "alice", code: seq % 10 === 7 ? 403 : 200 }),
);
const engine = new SampleEngine(rows);
const mode = process.argv[2];
// A crash while the explorer runs, whatever its cause.
if (mode === "throw") setTimeout(() => queueMicrotask(() => JSON.parse("{ not json")), 1_000);
if (mode === "reject") setTimeout(() => void Promise.reject(new Error("nobody caught this")), 1_000);

process.exitCode = await runExplorer({
  engine,
  panes: samplePanes,
  language: sampleLanguage,
  options: { timeZone: "utc", stdinIsData: mode === "-" },
});
