import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { LocalEngine } from "../../src/engine/local-engine.ts";
import { text, type JsonObject } from "../../src/lineage/json.ts";
import { CONFIGMAP, DEPLOYMENT, Story, template } from "../lineage/stories/story.ts";
import { DORA } from "../lineage/stories/web.ts";
import { DEMO, readEvents } from "../lineage/read-log.ts";
import { ORDERS } from "../lineage/truth/damage.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-extent-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

async function withEngine<T>(
  inputs: readonly string[],
  lineage: { readonly namespace: string | null; readonly object?: string } | null,
  use: (engine: LocalEngine) => Promise<T>,
): Promise<T> {
  const engine = new LocalEngine({
    inputs,
    follow: false,
    capacity: Number.POSITIVE_INFINITY,
    dictionaryBytes: Number.POSITIVE_INFINITY,
    rawBytes: 0,
    tailMs: 0,
    format: "auto",
    timeZone: "utc",
    ...(lineage === null ? {} : { lineage }),
  });
  await engine.loaded();
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

describe("what rests on the end of the log", () => {
  const story = new Story("RequestResponse", "quiet namespace");
  const deployment = story.create(DORA, DEPLOYMENT, "quiet", "web", { spec: { template: template("app:1") } });
  deployment.metadata["finalizers"] = ["example.com/hold"];
  story.remove(DORA, deployment);
  for (let minute = 0; minute < 10; minute += 1) {
    story.wait(60);
    const busy = story.create(DORA, CONFIGMAP, "busy", `settings-${String(minute)}`);
    story.remove("system:serviceaccount:kube-system:generic-garbage-collector", busy);
  }
  const log = write("quiet.log", story.lines);

  it.each([
    ["with its namespace", { namespace: "quiet" }, "quiet"],
    ["without, looked for while reading", { namespace: null, object: "deploy/web" }, undefined],
    ["of everything", { namespace: null }, undefined],
    ["asked afterwards", null, "quiet"],
  ])("is the same %s", async (_name, lineage, namespace) => {
    const why = await withEngine([log], lineage, (engine) =>
      engine.ask("why", { object: "deploy/web", ...(namespace === undefined ? {} : { namespace }) }),
    );
    expect(why).toMatchObject({ verdict: "stuck", confidence: "certain", finalizers: ["example.com/hold"] });
  });
});

describe("two API servers of which one's clock is off", () => {
  const events = readEvents(DEMO);
  const skew = ORDERS.find(({ name }) => name === "clients, skew 5 s");
  const both = skew?.damage(events) ?? [];
  const of = (server: string): JsonObject[] => both.filter((event) => text(event, "apiserver") === server);
  const bare = ({ apiserver: _apiserver, ...event }: JsonObject): string => JSON.stringify(event);
  const inputs = ["first", "second"].map((server) => write(`${server}.log`, of(server).map(bare)));
  const question = { object: "po/nginx-857899445-7x5j6", namespace: "demo" };

  it("are told apart by info and the status, and answered for as by one clock", async () => {
    await withEngine(inputs, { namespace: "demo" }, async (engine) => {
      const info = await engine.ask("info", {});
      expect(info.clocks).toHaveLength(1);
      expect(Math.abs(Math.abs(info.clocks[0]?.aheadMs ?? 0) - 5_000)).toBeLessThan(20);
      expect(engine.status.skews.map(({ apiserver }) => apiserver)).toEqual([info.clocks[0]?.apiserver]);
      const why = await engine.ask("why", question);
      const plain = await withEngine([DEMO], { namespace: "demo" }, (other) => other.ask("why", question));
      expect(why).toMatchObject({ verdict: plain?.verdict, confidence: plain?.confidence });
      expect(why?.chain.map(({ auditID }) => auditID)).toEqual(plain?.chain.map(({ auditID }) => auditID));
      expect(why?.clocks).toHaveLength(1);
      const trail = await engine.ask("trail", { object: "deploy/nginx", namespace: "demo" });
      expect(trail?.evidence.clocks).toHaveLength(1);
      expect(trail?.rollouts).toHaveLength(5);
    });
  });

  it("are not looked at where there is one", async () => {
    await withEngine([DEMO], null, async (engine) => {
      expect((await engine.ask("info", {})).clocks).toEqual([]);
    });
  });
});
