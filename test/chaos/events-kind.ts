import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { numberOf } from "../support/rotated-disk.ts";
import { PROGRAM } from "../support/program.ts";
import { holds, type Kind, PATIENCE_MS } from "./contract.ts";
import { Disorder } from "./disorder.ts";
import { FaultControl } from "./faults.ts";

/** What on stderr says that something is not there, or was not when it was looked for. */
const TOLD = /lost|truncated|overwritten|rewritten|replaced|deleted|missing|gone|could not|cannot/;

/** `events -f` into a pipe: every event of the log once, whatever becomes of its files. */
export const eventsKind: Kind = {
  name: "events -f",
  missing: null,
  async run(random, folder) {
    const logs = join(folder, "log");
    mkdirSync(logs);
    const faults = new FaultControl(join(folder, "faults.json"), logs);
    const seen = new Set<number>();
    let [twice, stderr, rest] = [0, "", ""];
    const disorder: Disorder = new Disorder(logs, random, faults, () => ({
      signal: (signal) => child.kill(signal),
      hasSeen: (event) => seen.has(event),
    }));
    writeFileSync(disorder.disk.log, "");
    const child = spawn(process.execPath, [PROGRAM, "events", "-f", disorder.disk.log, "-o", "raw"], {
      env: { ...process.env, ...faults.environment },
    });
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const n of lines.map(numberOf)) {
        if (seen.has(n)) twice += 1;
        seen.add(n);
      }
    });
    const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
    // A slow reader now and then.
    const steps = 10 + random.below(20);
    disorder.disk.write(3);
    await holds(() => seen.size === 3);
    for (let step = 0; step < steps; step += 1) {
      if (random.below(6) === 0) child.stdout.pause();
      await disorder.step();
      child.stdout.resume();
    }
    disorder.calm();
    disorder.disk.write(5);
    const { required } = disorder;
    const complete = await holds(() => [...required].every((n) => seen.has(n)));
    child.kill("SIGINT");
    const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    const code = await closed;
    clearTimeout(late);
    const missing = disorder.disk.written - seen.size;
    // What could not be opened again and again is given up, and told.
    const wrong =
      !complete && !/lost: /.test(stderr)
        ? `never printed: ${[...required]
            .filter((n) => !seen.has(n))
            .slice(0, 8)
            .join(" ")} (${disorder.disk.describe()})`
        : twice > 0
          ? `${twice} events were printed twice`
          : missing > 0 && disorder.noticed.size > 0 && !TOLD.test(stderr)
            ? `${missing} events are missing and stderr does not say so: ${JSON.stringify(stderr)}`
            : code !== 130 && code !== 3
              ? `it ended with ${code}: ${stderr.slice(-300)}`
              : null;
    return { written: disorder.disk.written, shown: seen.size, faults: disorder.done, missing, wrong };
  },
};
