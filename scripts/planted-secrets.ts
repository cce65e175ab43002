/**
 * What people get to see of secrets planted in a log, by kind and output: `node scripts/planted-secrets.ts [--seed N]
 * [--times N] [--kinds] [LOG SECRETS.jsonl]`. Without files a set is generated; SECRETS.jsonl has
 * `{"category": "…", "secrets": ["…"]}` a line. `--kinds` adds a table of each kind at each place. Needs a build. Exits 1
 * when more than 2 of 100 are shown.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { denseText, finderOf, plantedSecrets, shows } from "../test/support/planted/generate.ts";
import { type Output, printedOf, seenOf } from "../test/support/planted/outputs.ts";
import { ktrail } from "../test/support/program.ts";

/** An event of the log, and what nobody may read of it. */
interface Given {
  readonly category: string;
  readonly place: string;
  readonly auditID: string;
  readonly secrets: readonly string[];
}

const MOST_SHOWN = 0.02;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    times: { type: "string", default: "1" },
    kinds: { type: "boolean", default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), "ktrail-planted-"));

function generated(): { readonly log: string; readonly planted: readonly Given[] } {
  const planted = plantedSecrets(Number(values.seed), Number(values.times));
  const log = join(folder, "audit.log");
  writeFileSync(log, planted.map(({ event }) => `${JSON.stringify(event)}\n`).join(""));
  return { log, planted };
}

/** Every event that holds a given secret, found in the text of the log (JSON lines). */
function given(log: string, secrets: string): readonly Given[] {
  const lines = readFileSync(log, "utf8").split("\n");
  const sets = readFileSync(secrets, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as { readonly category?: string; readonly secrets: readonly string[] });
  return sets.flatMap(({ category = "given", secrets: values }) =>
    lines
      .filter((line) => shows(line, { secrets: values }))
      .map((line) => ({
        category,
        place: "log",
        auditID: (JSON.parse(line) as { readonly auditID: string }).auditID,
        secrets: values,
      })),
  );
}

class Tally {
  readonly counts = new Map<string, Map<string, { visible: number; shown: number }>>();

  add(row: string, column: string, isShown: boolean): void {
    const columns = this.counts.get(row) ?? new Map<string, { visible: number; shown: number }>();
    const count = columns.get(column) ?? { visible: 0, shown: 0 };
    columns.set(column, { visible: count.visible + 1, shown: count.shown + Number(isShown) });
    this.counts.set(row, columns);
  }
}

async function report(log: string, planted: readonly Given[]): Promise<number> {
  const tally = new Tally();
  const kinds = new Tally();
  const byID = Map.groupBy(planted, ({ auditID }) => auditID);
  const findAll = finderOf(planted);
  const count = ({ id, auditID, unmasked, shown }: Output): void => {
    const find = auditID === undefined ? findAll : finderOf(byID.get(auditID) ?? []);
    const after = find(denseText(shown));
    for (const one of find(denseText(unmasked))) {
      for (const row of [one.category, "all"]) tally.add(row, id, after.has(one));
      kinds.add(one.category, one.place, after.has(one));
    }
  };
  const run = async (argv: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await ktrail(argv);
    return stdout + stderr;
  };
  for await (const output of seenOf(log, new Set(byID.keys()))) count(output);
  for await (const output of printedOf(log, run)) count(output);
  process.stdout.write("Secrets shown of those that would be without masking\n\n");
  print(tally);
  if (values.kinds) {
    process.stdout.write("\n");
    print(kinds);
  }
  const all = [...(tally.counts.get("all")?.values() ?? [])];
  const visible = all.reduce((sum, count) => sum + count.visible, 0);
  const shown = all.reduce((sum, count) => sum + count.shown, 0);
  const masked = visible === 0 ? 100 : (1 - shown / visible) * 100;
  process.stdout.write(
    `\n${planted.length} planted, ${visible} places to see one, ${shown} seen: ${masked.toFixed(2)} % masked\n`,
  );
  return shown > visible * MOST_SHOWN ? 1 : 0;
}

function print({ counts }: Tally): void {
  const columns = [...new Set([...counts.values()].flatMap((row) => [...row.keys()]))];
  const widths = columns.map((column) => Math.max(9, column.length));
  const first = Math.max(...[...counts.keys()].map((row) => row.length));
  const line = (name: string, cells: readonly string[]): void => {
    process.stdout.write(
      `${name.padEnd(first)}  ${cells.map((cell, at) => cell.padStart(widths[at] ?? 9)).join("  ")}\n`,
    );
  };
  line("", columns);
  for (const [row, of] of [...counts].toSorted(
    ([a], [b]) => Number(a === "all") - Number(b === "all") || (a < b ? -1 : 1),
  ))
    line(
      row,
      columns.map((column) => {
        const count = of.get(column);
        return count === undefined ? "-" : `${count.shown}/${count.visible}`;
      }),
    );
}

try {
  const [log, secrets] = positionals;
  const set = log === undefined || secrets === undefined ? generated() : { log, planted: given(log, secrets) };
  process.exitCode = await report(set.log, set.planted);
} finally {
  rmSync(folder, { recursive: true });
}
