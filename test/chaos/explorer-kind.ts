import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Seeded } from "../bench/seeded.ts";
import { missingPty, Pty } from "../bench/pty.ts";
import { PROGRAM } from "../support/program.ts";
import { holds, type Kind, type Outcome } from "./contract.ts";
import { Disorder } from "./disorder.ts";
import { FaultControl, type Faults } from "./faults.ts";

/** Wide enough for the status line to shorten nothing. */
const COLUMNS = 240;
const TOLD = /loss|FAULT|unreadable|truncated|missing|waiting|bad line/;
const PANES = ["1", "2", "3", "4", "6", "7", "\r", "j", "k"];
const FRAME_MS = 20;
const LEFT_ALTERNATE = "\u001b[?1049l";

async function run(random: Seeded, folder: string, faultAtEnd: Partial<Faults> | null): Promise<Outcome> {
  const logs = join(folder, "log");
  mkdirSync(logs);
  const faults = new FaultControl(join(folder, "faults.json"), logs);
  const disorder: Disorder = new Disorder(logs, random, faults, () => ({
    signal: (signal) => pty.signal(signal),
    // It shows how many, not which.
    hasSeen: (_, written) => shown() === written,
  }));
  writeFileSync(disorder.disk.log, "");
  const variables = Object.entries(faults.environment).map(([name, value]) => `${name}=${value}`);
  const command = ["env", ...variables, process.execPath, PROGRAM, "-f", disorder.disk.log, "--no-state"];
  const pty = new Pty(command, COLUMNS, 40);
  // It is asked about each event: read again only when the screen may have changed.
  const latest = { at: 0, shown: 0, isTold: false };
  const shown = (): number => {
    const at = performance.now();
    if (at - latest.at > FRAME_MS) {
      const screen = pty.screen();
      const [, count = "0"] = / ([\d,]+) requests ·/.exec(screen) ?? [];
      // What happened is told for ten seconds.
      const isTold = latest.isTold || TOLD.test(screen);
      Object.assign(latest, { at, shown: Number(count.replaceAll(",", "")), isTold });
    }
    return latest.shown;
  };
  try {
    disorder.disk.write(3);
    if (!(await holds(() => shown() === 3))) return outcome(disorder, shown(), `it does not begin:\n${pty.screen()}`);
    const steps = 6 + random.below(12);
    for (let step = 0; step < steps; step += 1) {
      await disorder.step();
      if (random.below(2) === 0) pty.type(random.pick(PANES));
    }
    disorder.calm();
    disorder.disk.write(5);
    const { written } = disorder.disk;
    const least = disorder.required.size;
    await holds(() => shown() === written || (shown() >= least && latest.isTold));
    const counted = shown();
    let wrong: string | null = null;
    if (counted < least)
      wrong = `it counts ${counted} of ${least} requests: ${firstLine(pty)} (${disorder.disk.describe()})`;
    else if (counted > written) wrong = `it counts ${counted} requests, ${written} were written`;
    else if (counted < written && disorder.noticed.size > 0 && !latest.isTold)
      wrong = `${written - counted} are missing: ${firstLine(pty)}`;
    let expected: readonly number[] = [0, 3];
    if (faultAtEnd !== null) {
      faults.set(faultAtEnd);
      disorder.done.push("the engine's thread ends");
      expected = [1];
      if (!(await holds(() => pty.screen().includes("FAULT")))) wrong ??= `no fault is told: ${firstLine(pty)}`;
    }
    pty.type("\u001b\u001b:q\r");
    const code = await Promise.race([pty.ended, new Promise<null>((resolve) => setTimeout(resolve, 20_000, null))]);
    if (!expected.includes(code ?? -1)) wrong ??= `it ended with ${code}, ${expected.join(" or ")} expected`;
    if (code !== null && pty.output.lastIndexOf(LEFT_ALTERNATE) < pty.output.lastIndexOf("\u001b[?1049h")) {
      wrong ??= "the terminal is not as it was";
    }
    return outcome(disorder, counted, wrong);
  } finally {
    await pty.close();
  }
}

function firstLine(pty: Pty): string {
  return pty.screen().split("\n")[0]?.trim() ?? "";
}

function outcome({ disk, done }: Disorder, shown: number, wrong: string | null): Outcome {
  return { written: disk.written, shown, faults: done, missing: disk.written - shown, wrong };
}

export const explorerKind: Kind = {
  name: "explorer",
  missing: missingPty(),
  run: (random, folder) => run(random, folder, null),
};

export const workerKind: Kind = {
  name: "explorer, its engine's thread ended",
  missing: missingPty(),
  run: (random, folder) => run(random, folder, { endWorker: true }),
};
