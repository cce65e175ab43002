import { runExplorer } from "../../src/ui/explorer.tsx";
import { request, SampleEngine } from "./sample-engine.ts";
import { sampleLanguage, samplePanes } from "./sample-panes.ts";

// The explorer over sample data as a program of its own, for tests in a real terminal.
const mode = process.argv[2];
// Wide, combining, right-to-left and joined characters, as identity providers put them into user names.
const NAMES = ["日本語ユーザー", "e\u0301ve", "שלום עולם", "👩‍👩‍👧", "🇩🇪", "नमस्ते", "plain"];
const users = mode === "names" ? NAMES : ["bob", "alice", "alice"];
const rows = Array.from({ length: 200 }, (_, seq) =>
  request(seq, { user: users[seq % users.length] ?? "", code: seq % 10 === 7 ? 403 : 200 }),
);
const engine = new SampleEngine(rows);
// A crash while the explorer runs, whatever its cause.
if (mode === "throw") setTimeout(() => queueMicrotask(() => JSON.parse("{ not json")), 1_000);
if (mode === "reject") setTimeout(() => void Promise.reject(new Error("nobody caught this")), 1_000);

process.exitCode = await runExplorer({
  engine,
  panes: samplePanes,
  language: sampleLanguage,
  options: { timeZone: "utc", stdinIsData: mode === "-" },
});
