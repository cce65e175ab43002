import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { missingPty, Pty } from "../bench/pty.ts";
import { ensureBuilt, PROGRAM_ARGUMENTS, PROGRAM_FILE } from "../support/program.ts";
import { MOUSE_OFF, MOUSE_ON } from "../../src/ui/terminal/mouse-input.ts";
import { hostileLog, OBEYED } from "./hostile-log.ts";
import { readStream } from "./terminal-stream.ts";

const missing = missingPty();
const folder = mkdtempSync(join(tmpdir(), "ktrail-hostile-pty-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(missing !== null)(
  `the program in a pseudo-terminal${missing === null ? "" : ` (skipped: ${missing})`}`,
  () => {
    const path = join(folder, "\u001b]0;owned\u0007\u202e.log");

    async function streamOf(
      command: readonly string[],
      keys: readonly (string | readonly [key: string, until: RegExp])[],
      isReady: (pty: Pty) => Promise<unknown>,
    ): Promise<string> {
      ensureBuilt();
      writeFileSync(path, hostileLog(21, 200));
      const pty = new Pty([PROGRAM_FILE, ...PROGRAM_ARGUMENTS, ...command], 100, 30);
      await isReady(pty);
      for (const key of keys) {
        const [typed, until] = typeof key === "string" ? [key, null] : key;
        pty.type(typed);
        if (until !== null) await pty.until(() => until.test(pty.screen()));
        await pty.quiet(150);
      }
      await pty.close();
      return Buffer.from(pty.output, "latin1").toString("utf8");
    }

    it("asks for the mouse, takes no report for a key, and gives it back when it is killed", async () => {
      ensureBuilt();
      writeFileSync(path, hostileLog(21, 200));
      const pty = new Pty([PROGRAM_FILE, ...PROGRAM_ARGUMENTS, "--mouse", path], 100, 30);
      // The footer may be there before the header is.
      await pty.until(() => pty.screen().includes("6 reqs") && pty.screen().includes("? help"));
      const column = (pty.screen().split("\n")[2] ?? "").indexOf("6 reqs") + 1;
      pty.type(`\u001b[<0;${column};3M\u001b[<0;${column};3m`);
      await pty.until(() => /^ requests/m.test(pty.screen()));
      // None of these letters may reach the program: q leaves, X clears, j moves.
      pty.type("\u001b[<;qM\u001b[M qX\u001b[<0;1;1;1;1M\u001b[<64;5;5M");
      pty.type("?");
      await pty.until(() => pty.screen().includes("requests › help"));
      process.kill(pty.pid, "SIGTERM");
      expect(await pty.ended).toBe(143);
      const raw = Buffer.from(pty.output, "latin1").toString("utf8");
      expect(raw.split(MOUSE_ON)).toHaveLength(2);
      expect(raw.lastIndexOf(MOUSE_OFF)).toBeGreaterThan(raw.lastIndexOf(MOUSE_ON));
      expect(readStream(raw).shown).not.toMatch(OBEYED);
    });

    it("sends nothing of the log from the explorer", async () => {
      const keys = [
        ["2", /\d users? /] as const,
        ["c", /copied/] as const,
        "j",
        "3",
        "\r",
        "6",
        "j",
        "d",
        "]",
        "y",
        "q",
        "4",
        "o",
        "v",
        "0",
        "7",
        "v",
        ":info\r",
      ];
      const raw = await streamOf([path], keys, (pty) => pty.until(() => pty.screen().includes("? help")));
      const { shown, copied } = readStream(raw);
      expect(shown).not.toMatch(OBEYED);
      expect(raw).not.toContain("\u001b[5;31;47m");
      expect(copied).toHaveLength(1);
    });

    it.each([["table"], ["raw"], ["csv"], ["md"], ["jsonl"]])("sends nothing of the log with -o %s", async (output) => {
      // To its end: ctrl-c makes the terminal drop what waits in it, be it half a sequence.
      const raw = await streamOf(["events", path, "-o", output, "--tz", "utc"], [], (pty) => pty.ended);
      const { shown } = readStream(raw);
      expect(raw.length).toBeGreaterThan(10_000);
      expect(shown).not.toMatch(OBEYED);
      expect(raw).not.toContain("\u001b[5;31;47m");
    });
  },
);
