import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLI_COMMANDS } from "../../src/cli/commands/registry.ts";
import { placeOf } from "../../src/cli/completion/place.ts";
import { completionAnswer } from "../../src/cli/completion/completion-answer.ts";
import { ensureBuilt, ktrail, PROGRAM } from "../support/program.ts";
import { missingTmux, Tmux } from "../support/tmux.ts";

/** Small: what is not read within the time a tab may take is not offered. */
const folder = mkdtempSync(join(tmpdir(), "ktrail-completion-"));
afterAll(() => rmSync(folder, { recursive: true }));

function logOf(name: string, users: readonly string[]): string {
  const path = join(folder, name);
  const lines = users.map((username, at) =>
    JSON.stringify({
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "Metadata",
      auditID: `a${at}`,
      stage: "ResponseComplete",
      requestURI: "/apis/apps/v1/namespaces/demo/deployments/nginx",
      verb: "get",
      user: { username },
      objectRef: { resource: "deployments", namespace: "demo", name: "nginx", apiGroup: "apps", apiVersion: "v1" },
      responseStatus: { metadata: {}, code: 403 },
      requestReceivedTimestamp: "2026-11-21T00:00:00.000000Z",
      stageTimestamp: "2026-11-21T00:00:00.005000Z",
    }),
  );
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const LOG = logOf("small.log", ["alice@example.com", "mallory@example.com", "alice@example.com"]);

/** The candidates for the last word of a line. */
function texts(...words: readonly string[]): readonly string[] {
  return placeOf(words, words.length - 1).candidates.map(({ text }) => text);
}

describe("what may stand at the cursor", () => {
  it("is a command or a file first", () => {
    const named = CLI_COMMANDS.map(({ name }) => name.split(" ")[0]).filter((name) => name !== "");
    expect(texts("")).toEqual([...new Set(named)]);
    expect(placeOf([""], 0).files).toBe(true);
    expect(texts("ev")).toEqual(["events"]);
    expect(texts("policy", "re")).toEqual(["replay"]);
    expect(placeOf(["top", ""], 1)).toMatchObject({ candidates: [], files: true });
    expect(placeOf(["audit.log", ""], 1)).toMatchObject({ candidates: [], files: true });
  });

  it("is an option of the command, behind any others", () => {
    for (const command of CLI_COMMANDS) {
      const words = command.name === "" ? [] : command.name.split(" ");
      const offered = texts(...words, "--");
      expect(offered).toContain("--help");
      expect(offered.includes("--by")).toBe(command.options.includes("by"));
    }
    expect(texts("top", "--tz", "utc", "--as")).toEqual(["--ascii"]);
    expect(placeOf(["top", "--", "--as"], 2)).toMatchObject({ candidates: [], files: true });
  });

  it("is a value of the option before it", () => {
    expect(texts("top", "-o", "c")).toEqual(["csv"]);
    expect(texts("events", "--output=r")).toEqual(["--output=raw"]);
    expect(texts("top", "--by", "user,res")).toEqual(["user,resource"]);
    expect(texts("top", "--by", "user,u")).toEqual(["user,useragent"]);
    expect(texts("info", "--tz", "")).toEqual(["local", "utc"]);
    expect(texts("info", "--format", "gke-")).toEqual(texts("--format", "gke-"));
    expect(placeOf(["top", "--config", "x"], 2)).toMatchObject({ candidates: [], files: true });
    expect(texts("completion", "")).toEqual(["bash", "zsh", "fish", "kubectl"]);
  });

  it("is a field of a filter, in any of its terms", () => {
    expect(texts("events", "-q", "verb:delete us")).toEqual(["verb:delete user:", "verb:delete useragent:"]);
    expect(texts("events", "-q", "-actor:hu")).toEqual(["-actor:human"]);
  });
});

describe("what the log has", () => {
  const asked = (...words: readonly string[]): Promise<string> => completionAnswer(words, words.length - 1);

  it("is offered where a file is on the line", async () => {
    expect(await asked("top", LOG, "-q", "user:alice")).toMatch(/^user:alice@example\.com\t2 requests\n/);
    expect(await asked("top", LOG, "-n", "dem")).toBe("demo\t3 requests\n:4\n");
    expect(await asked("top", "-n", "dem")).toBe(":4\n");
    expect(await completionAnswer(["trail", "deploy/ngi", LOG], 1)).toMatch(/^deploy\/nginx\t-n demo\n/);
  });

  it("is never anything a shell would obey", async () => {
    const users = [
      "evil$(reboot)",
      "evil`x`",
      "evil;x",
      "evil'x",
      'evil"x',
      "evil\nx",
      "evil\u001b[2J",
      "evil x",
      "evilfine",
    ];
    const log = logOf("hostile.log", users);
    expect(await asked("top", log, "-q", "user:evil")).toBe("user:evilfine\t1 request\n:4\n");
    expect(await asked("rbac", log, "--user", "evil")).toBe("evilfine\t1 request\n:4\n");
  });
});

describe("ktrail completion", () => {
  it("refuses shells it does not know", async () => {
    const { code, stderr } = await ktrail(["completion", "fissh"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'ktrail: there is no script for "fissh"; did you mean fish? (bash, zsh, fish, kubectl)\n',
    });
  });

  const START: Readonly<Record<string, string>> = {
    bash: "source <(ktrail completion bash)",
    zsh: "PS1='zsh> ' exec zsh -f",
    fish: "exec fish --no-config",
  };
  const PROMPT: Readonly<Record<string, RegExp>> = { bash: /\$$/, zsh: /\nzsh>$/, fish: /\n\S+@.*[#>]$/ };
  const LOAD: Readonly<Record<string, string>> = {
    bash: "true",
    zsh: "autoload -U compinit; compinit -D -u; source <(ktrail completion zsh)",
    fish: "ktrail completion fish | source",
  };
  beforeAll(() => {
    ensureBuilt();
    mkdirSync(join(folder, "bin"));
    symlinkSync(PROGRAM, join(folder, "bin/ktrail"));
    writeFileSync(join(folder, "audit.json"), "");
  });

  describe.each(Object.keys(START))("in %s", (shell) => {
    const missing =
      missingTmux() ?? (spawnSync(shell, ["-c", "true"]).status === 0 ? null : `${shell} is not installed`);

    it.skipIf(missing !== null)("completes words, fields, files and values of the log", async () => {
      const path = [join(folder, "bin"), dirname(process.execPath), process.env["PATH"] ?? ""].join(":");
      const tmux = new Tmux(`completion-${shell}`, 150, 30, { PATH: path, HOME: folder, TERM: "xterm" });
      try {
        await tmux.until("a prompt", (screen) => screen.includes("$"));
        tmux.type(`cd ${folder}; ${START[shell] ?? ""}`);
        tmux.send("Enter");
        await tmux.until(shell, (screen) => PROMPT[shell]?.test(screen.trimEnd()) === true);
        tmux.type(`${LOAD[shell] ?? ""}; echo LOA""DED`);
        tmux.send("Enter");
        await tmux.until("the script", (screen) => screen.includes("LOADED"));
        for (const [typed, completed] of [
          ["ktrail ev", "ktrail events"],
          ["ktrail top --by user,res", "ktrail top --by user,resource"],
          ["ktrail info aud", "ktrail info audit.json"],
          ["ktrail top small.log -q user:alice", "ktrail top small.log -q user:alice@example.com"],
          [
            "ktrail top small.log -q 'code:403 user:mallo",
            "ktrail top small.log -q 'code:403 user:mallory@example.com",
          ],
        ] as const) {
          tmux.type(typed);
          tmux.send("Tab");
          const screen = await tmux.until(completed, (shown) => shown.includes(completed));
          expect(screen.trimEnd().split("\n").at(-1)).toContain(completed);
          tmux.send("C-u");
          await tmux.until("the next prompt", (screen) => PROMPT[shell]?.test(screen.trimEnd()) === true);
        }
      } finally {
        tmux.close();
      }
    });
  });
});
