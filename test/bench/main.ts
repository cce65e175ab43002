/** `npm run bench`: prints one table a topic. Figures are printed, never judged; ratios of paired runs are what to trust. */
import { writeTables } from "./docs.ts";
import { circumstances, plainTable, type Table } from "./report.ts";
import { type Part, type Settings, settingsFrom, USAGE } from "./settings.ts";
import { equalityTables } from "./tables/equality.ts";
import { findingTables } from "./tables/findings.ts";
import { ingestTables } from "./tables/ingest.ts";
import { lineageTables } from "./tables/lineage.ts";
import { memoryTables } from "./tables/memory.ts";
import { queryTables } from "./tables/queries.ts";
import { scaleTables } from "./tables/scale.ts";
import { screenTables } from "./tables/screen.ts";
import { soakTables } from "./tables/soak.ts";
import { tailTables } from "./tables/tail.ts";
import { targetTables } from "./tables/targets.ts";

const MEASURE: Readonly<Record<Part, (settings: Settings) => Promise<readonly Table[]>>> = {
  ingest: ingestTables,
  scale: scaleTables,
  queries: queryTables,
  memory: memoryTables,
  screen: screenTables,
  tail: tailTables,
  equality: equalityTables,
  lineage: lineageTables,
  findings: findingTables,
  soak: soakTables,
  targets: targetTables,
};

function settings(): Settings {
  try {
    return settingsFrom(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

const chosen = settings();
const words = process.argv.slice(2).filter((word) => word !== "--update-docs");
const when = circumstances(["npm run bench", ...(words.length > 0 ? ["--", ...words] : [])].join(" "));
process.stdout.write(`${when}\n\n`);
const tables: Table[] = [];
for (const part of chosen.parts) {
  try {
    for (const table of await MEASURE[part](chosen)) {
      tables.push(table);
      process.stdout.write(`${plainTable(table)}\n`);
    }
  } catch (error) {
    process.stderr.write(`${part} failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
if (chosen.updateDocs) {
  for (const id of writeTables(tables, when)) process.stderr.write(`docs/performance.md has no place for ${id}\n`);
}
