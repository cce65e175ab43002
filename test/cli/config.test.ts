import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, ktrail, type Ran } from "../support/program.ts";

beforeAll(ensureBuilt);

const base = mkdtempSync(join(tmpdir(), "ktrail-cli-config-"));
let homes = 0;
/** Runs with a config file of this text. */
function configured(text: string, ...args: readonly string[]): Promise<Ran> {
  const home = join(base, String((homes += 1)));
  mkdirSync(join(home, "ktrail"), { recursive: true });
  writeFileSync(join(home, "ktrail", "config.yaml"), text);
  return ktrail(args, { env: { XDG_CONFIG_HOME: home, TZ: "Asia/Tokyo" } });
}
const LOG = "fixtures/demo/audit.log";

describe("a config file and headless commands", () => {
  it("sets defaults; the command line wins", async () => {
    expect((await configured("tz: utc\n", "top", LOG)).stdout).toContain("LAST SEEN (UTC)");
    expect((await configured("tz: utc\n", "top", LOG, "--tz", "local")).stdout).not.toContain("(UTC)");
    expect((await configured("color: always\ntheme: mono\n", "top", LOG)).stdout).toContain("\u001b[2m");
    expect((await configured("color: always\n", "top", LOG, "--color", "never")).stdout).not.toContain("\u001b");
  });

  it("tells mistakes that change the output, with their place, and goes on", async () => {
    const { code, stdout, stderr } = await configured("tz: utcc\nkeys: 7\nnewer-setting: 1\ncapacity: x\n", "top", LOG);
    expect(code).toBe(0);
    expect(stdout).toContain("REQUESTS");
    expect(stderr).toMatch(/config\.yaml:1:5: tz: "utcc" is none of local, utc; did you mean utc\?/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("prints every setting with its origin, and all mistakes", async () => {
    const { code, stdout, stderr } = await configured("theme: light\nfoo: 1\n", "--print-config", "--ascii");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^theme +light +line 1$/m);
    expect(stdout).toMatch(/^ascii +true +command line$/m);
    expect(stdout).toMatch(/^tz +local +default$/m);
    expect(stderr).toContain("config.yaml:2:1: “foo” is no setting");
  });

  it("refuses a file, a theme or a view that was asked for by name and can't be had", async () => {
    const missing = await ktrail(["info", LOG, "--config", "/nonexistent/c.yaml"]);
    expect([missing.code, missing.stderr]).toEqual([2, "ktrail: --config: /nonexistent/c.yaml does not exist\n"]);
    const theme = await ktrail(["info", LOG, "--theme", "ligth"]);
    expect([theme.code, theme.stdout]).toEqual([2, ""]);
    expect(theme.stderr).toContain("did you mean light?");
    const view = await ktrail([LOG, "--view", "x"]);
    expect([view.code, view.stderr]).toEqual([2, "ktrail: --view opens the explorer, which needs a terminal\n"]);
    expect((await ktrail(["info", LOG, "--config", "/dev/null"])).code).toBe(0);
  });
});
