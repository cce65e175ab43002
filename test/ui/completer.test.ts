import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { auditLog } from "../support/audit-event.ts";
import { openExplorer } from "../support/explorer.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-completer-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("nothing secret is typed for somebody, and a masked chip counts as what it stands for", async () => {
  const secret = `ghp_${"a1B2c3D4e5F6g7H8i9"}${"J0k1L2m3N4o5P6q7R8"}`;
  const agents = [secret, "ghost/1", "ghost/1"];
  const path = join(folder, "audit.log");
  writeFileSync(
    path,
    auditLog(
      agents.map((agent, at) => ({ at, agent, verb: "get", resource: "pods", namespace: "demo", user: "alice" })),
    ),
  );
  const engine = createEngine({ inputs: [path] });
  await engine.loaded();
  const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns: 120, rows: 24 });
  try {
    await explorer.press("/", ..."ua:gh".split(""));
    expect(explorer.text()).toContain("tab: ghost/1 (2)");
    await explorer.press("esc", ":", ..."top useragent".split(""), "enter", "G", "+", "/");
    expect(explorer.text()).not.toContain("ghp_");
    expect(explorer.text()).toContain("1 request match");
  } finally {
    await explorer.close();
    await engine.close();
  }
});
