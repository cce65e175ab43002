import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markdownTable, type Table } from "./report.ts";

const PAGE = join(import.meta.dirname, "../../docs/performance.md");

/** Writes each table between `<!-- bench: ID -->` and `<!-- end -->`; returns the ids the page has no place for. */
export function writeTables(tables: readonly Table[], circumstances: string): string[] {
  let page = readFileSync(PAGE, "utf8");
  const homeless: string[] = [];
  for (const table of tables) {
    const place = new RegExp(`(<!-- bench: ${table.id} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!place.test(page)) homeless.push(table.id);
    const text = `${markdownTable(table)}\n\nMeasured ${circumstances}.`;
    page = page.replace(place, (_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`);
  }
  writeFileSync(PAGE, page);
  return homeless;
}
