import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { FLAG } from "../../scripts/bundle/bounded.cjs";
import { ensureBuilt, PROGRAM } from "../support/program.ts";
import { missingTmux, Tmux } from "../support/tmux.ts";

const missing = process.platform !== "linux" ? "only done on Linux" : missingTmux();
const hasBegunAnew = "execve" in process;
const folder = mkdtempSync(join(tmpdir(), "ktrail-bounded-"));
let terminal: Tmux | null = null;

beforeAll(ensureBuilt);
afterEach(() => {
  terminal?.close();
  terminal = null;
  rmSync(folder, { recursive: true, force: true });
});

/** Words the process was begun with, read while the explorer is drawn. */
async function opened(tmux: Tmux, words: string): Promise<readonly string[]> {
  tmux.type(`clear; exec ${process.execPath} ${PROGRAM} --no-state ${words} 2>&1`);
  tmux.send("Enter");
  await tmux.until("the explorer", (screen) => screen.includes("? help") && /[1-9]\d* requests/.test(screen));
  return readFileSync(`/proc/${tmux.shell}/cmdline`, "utf8").split("\0");
}

describe.skipIf(missing !== null)(`in a terminal${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  test("the explorer begins anew with less to drop, as the same process, and tells nobody", async () => {
    const environment = join(folder, "environment");
    terminal = new Tmux("bounded", 100, 30, { NODE_OPTIONS: "", MALLOC_TOP_PAD_: "65536" });
    const log = "fixtures/demo/audit.log";
    const words = await opened(terminal, `--exec 'env > ${environment}; cat ${log}'`);
    expect(words.includes(FLAG)).toBe(hasBegunAnew);
    const begun = readFileSync(`/proc/${terminal.shell}/environ`, "utf8");
    expect(begun.includes("MALLOC_ARENA_MAX=2")).toBe(hasBegunAnew);
    const handedOn = readFileSync(environment, "utf8");
    expect(handedOn).toContain("MALLOC_TOP_PAD_=65536");
    expect(handedOn).not.toMatch(/MALLOC_ARENA_MAX|MALLOC_MMAP_THRESHOLD_|KTRAIL_BOUNDED/);
  });

  test("a small log is opened as it is", async () => {
    terminal = new Tmux("unbounded", 100, 30);
    terminal.type(`clear; exec ${process.execPath} ${PROGRAM} fixtures/demo/audit.log`);
    terminal.send("Enter");
    await terminal.until("the explorer", (screen) => screen.includes("? help"));
    expect(readFileSync(`/proc/${terminal.shell}/cmdline`, "utf8")).not.toContain(FLAG);
  });
});
