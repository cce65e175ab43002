import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { MadeLog } from "./question-rows.ts";
import { DEMO } from "../support/demo-engine.ts";

/** The bundled log, and what the questions that it has no case of are asked of: made from it, in a folder. */

interface Event {
  readonly auditID: string;
  readonly stageTimestamp: string;
}

function demoEvents(): readonly Event[] {
  const files = readdirSync(DEMO).filter((name) => name.includes(".log"));
  const texts = files.toSorted().map((name) => {
    const bytes = readFileSync(join(DEMO, name));
    return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  });
  return texts.flatMap((text) =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Event),
  );
}

function writeLog(folder: string, name: string, events: readonly object[]): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return path;
}

/** Paths of the log. */
export function made(folder: string, log: MadeLog): readonly string[] {
  const events = demoEvents();
  if (log === "metadata") {
    const bare = events.map((event) => ({
      ...event,
      level: "Metadata",
      requestObject: undefined,
      responseObject: undefined,
    }));
    return [writeLog(folder, "metadata.log", bare)];
  }
  // The other one ran all the time.
  const steady = events.filter(({ stageTimestamp: t }) => t > "2026-11-21T00:04" && t < "2026-11-21T00:13");
  const other = steady.map((event) => ({ ...event, auditID: `cp2-${event.auditID}` }));
  return [writeLog(folder, "cp1/audit.log", events), writeLog(folder, "cp2/audit.log", other)];
}
