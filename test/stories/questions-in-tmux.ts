import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KEY_BYTES } from "../support/key-bytes.ts";
import { ensureBuilt, PROGRAM } from "../support/program.ts";
import { missingTmux, Tmux } from "../support/tmux.ts";
import { DEMO } from "../support/demo-engine.ts";
import { made } from "./question-logs.ts";
import { type MadeLog, type Question, QUESTIONS } from "./question-rows.ts";

/**
 * `npm run questions`: the questions of docs/questions.md asked of the built program in a real terminal, at 80×24 and 120×40; one
 * start a log. Keys come as fast as tmux sends them. Exits with 1 when an answer doesn't appear.
 */
const SIZES = [
  [80, 24],
  [120, 40],
] as const;

const TMUX_KEYS: ReadonlyMap<string, string> = new Map([
  ["enter", "Enter"],
  ["esc", "Escape"],
  ["ctrl-k", "C-k"],
]);

/** From the first screen, without filters. */
async function asked(tmux: Tmux, { question, keys, shows }: Question): Promise<void> {
  tmux.send("X", "1");
  await tmux.until("the first screen", (screen) => /^ overview/m.test(screen) && screen.includes("? help"));
  for (const key of keys) {
    if (KEY_BYTES.has(key)) tmux.send(TMUX_KEYS.get(key) ?? key);
    else tmux.type(key);
  }
  await tmux.until(question, (screen) => shows.every((text) => text.test(screen)));
}

/** How many answers did not appear. */
async function askAll(folder: string, log: MadeLog | undefined): Promise<number> {
  const paths = log === undefined ? [DEMO] : made(folder, log);
  const tmux = new Tmux("questions", 80, 24, { XDG_CONFIG_HOME: folder });
  let missed = 0;
  try {
    tmux.type(`${process.execPath} ${PROGRAM} --no-state --tz utc ${paths.join(" ")}`);
    tmux.send("Enter");
    await tmux.until("all of the log", (screen) => screen.includes("? help") && !screen.includes("loading"));
    for (const [columns, rows] of SIZES) {
      tmux.resize(columns, rows);
      for (const row of QUESTIONS.filter((other) => other.log === log)) {
        const started = performance.now();
        const fault = await asked(tmux, row).then(
          () => null,
          (error: unknown) => error,
        );
        const seconds = ((performance.now() - started) / 1_000).toFixed(1);
        process.stdout.write(
          `${fault === null ? "ok    " : "MISSED"} ${columns}×${rows} ${seconds} s  ${row.question}\n`,
        );
        if (fault === null) continue;
        missed += 1;
        process.stdout.write(`${String(fault)}\n`);
      }
    }
  } finally {
    tmux.close();
  }
  return missed;
}

const missing = missingTmux();
if (missing !== null) {
  process.stderr.write(`${missing}\n`);
  process.exit(2);
}
ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), "ktrail-questions-tmux-"));
let missed = 0;
for (const log of new Set(QUESTIONS.map((row) => row.log))) missed += await askAll(folder, log);
rmSync(folder, { recursive: true });
process.stdout.write(missed === 0 ? "every answer appeared\n" : `${missed} answers did not appear\n`);
process.exitCode = missed === 0 ? 0 : 1;
