import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalEngine } from "../../src/engine/local-engine.ts";
import { asObject, field, list, text, type JsonObject } from "../../src/lineage/json.ts";
import { manifestOf } from "../../src/lineage/state/object-state.ts";
import { CONFIGMAP, DEPLOYMENT, Story, template } from "../lineage/stories/story.ts";
import { DORA } from "../lineage/stories/web.ts";
import { DEMO, readEvents } from "../lineage/read-log.ts";

function engineOver(input: string): LocalEngine {
  return new LocalEngine({
    inputs: [input],
    follow: false,
    capacity: Number.POSITIVE_INFINITY,
    dictionaryBytes: Number.POSITIVE_INFINITY,
    rawBytes: 0,
    tailMs: 0,
    format: "auto",
    timeZone: "utc",
    lineage: { namespace: null },
  });
}

/** By uid: the body with the highest version that any answer has, by plain reading of the log. */
function lastBodies(events: readonly JsonObject[]): Map<string, JsonObject> {
  const last = new Map<string, JsonObject>();
  const version = (body: JsonObject): number => Number(text(body, "metadata", "resourceVersion"));
  for (const event of events) {
    const body = asObject(field(event, "responseObject"));
    const code = Number(field(event, "responseStatus", "code"));
    const subresource = text(event, "objectRef", "subresource");
    const isWrite = ["create", "update", "patch", "delete"].includes(text(event, "verb"));
    if (body === null || code >= 300 || !isWrite || !["", "status", "finalize"].includes(subresource)) continue;
    const uid = text(body, "metadata", "uid");
    if (
      uid === "" ||
      ["Status", "PartialObjectMetadata"].includes(text(body, "kind")) ||
      /dryRun=/.test(text(event, "requestURI"))
    )
      continue;
    const known = last.get(uid);
    if (known === undefined || version(body) >= version(known)) last.set(uid, body);
  }
  return last;
}

describe("the object itself, on the bundled log", () => {
  const events = readEvents(DEMO);
  const engine = engineOver(DEMO);
  beforeAll(() => engine.loaded());
  afterAll(() => engine.close());

  it("is given back as it was last, of everything that was deleted with bodies", async () => {
    const last = lastBodies(events);
    const deleted = new Set<string>();
    for (const event of events) {
      const uid =
        text(field(event, "responseObject"), "metadata", "uid") ||
        text(field(event, "responseStatus"), "details", "uid") ||
        text(field(event, "responseObject"), "details", "uid");
      // Heartbeats have no life worth telling, Events are told with what they are about.
      if (["leases", "events"].includes(text(event, "objectRef", "resource"))) continue;
      if (text(event, "verb") === "delete" && last.has(uid)) deleted.add(uid);
      if (text(event, "verb") !== "deletecollection") continue;
      for (const item of list(field(event, "responseObject"), "items")) {
        const one = text(item, "metadata", "uid");
        if (last.has(one)) deleted.add(one);
      }
    }
    expect(deleted.size).toBeGreaterThan(100);
    const wrong: string[] = [];
    for (const uid of deleted) {
      const answer = await engine.ask("object", { object: uid });
      const told = answer?.state ?? null;
      const expected = manifestOf(last.get(uid) ?? {});
      if (told === null || JSON.stringify(manifestOf(told)) !== JSON.stringify(expected)) wrong.push(uid);
    }
    expect(wrong).toEqual([]);
  });

  it("is told of a time: before, during and after its life", async () => {
    const at = (time: string): ReturnType<typeof engine.ask<"object">> =>
      engine.ask("object", { object: "deploy/nginx", namespace: "demo", atUs: Date.parse(time) * 1_000 });
    expect(await at("2026-11-21T00:02:00Z")).toMatchObject({ state: null });
    const running = await at("2026-11-21T00:10:00Z");
    expect(running).toMatchObject({ known: "whole", unknown: [], state: { spec: { replicas: 4 } } });
    expect(await at("2026-11-21T00:12:00Z")).toMatchObject({ state: { spec: { replicas: 2 } } });
    const gone = await at("2026-11-21T00:16:00Z");
    expect(gone).toMatchObject({ state: null });
    expect(gone?.deleted).toMatch(/^2026-11-21T00:14:25/);
  });

  it("is of the life there was then, where a name has several", async () => {
    const lives = [...lastBodies(events).values()].filter(
      (body) => text(body, "kind") === "Pod" && text(body, "metadata", "name") === "db-0",
    );
    expect(lives.length).toBeGreaterThan(1);
    for (const body of lives) {
      const born = Date.parse(text(body, "metadata", "creationTimestamp")) + 1_000;
      const told = await engine.ask("object", { object: "pod/db-0", namespace: "demo", atUs: born * 1_000 });
      expect(text(told?.state, "metadata", "uid")).toBe(text(body, "metadata", "uid"));
    }
  });

  it("is null where nothing has the name", async () => {
    expect(await engine.ask("object", { object: "deploy/never", namespace: "demo" })).toBeNull();
  });
});

describe("what the log does not tell of an object", () => {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-object-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function told(story: Story, object: string): Promise<unknown> {
    const log = join(folder, `${story.time()}-${String(Math.random())}.log`);
    writeFileSync(log, `${story.lines.join("\n")}\n`);
    const engine = engineOver(log);
    await engine.loaded();
    try {
      return await engine.ask("object", { object, namespace: "shop" });
    } finally {
      await engine.close();
    }
  }

  it("is everything but its names at Metadata level", async () => {
    const story = new Story("Metadata", "poor");
    story.create(DORA, CONFIGMAP, "shop", "settings");
    expect(await told(story, "cm/settings")).toMatchObject({
      known: "metadata",
      state: { kind: "ConfigMap", metadata: { name: "settings", namespace: "shop" } },
    });
  });

  it("is what the API server adds at Request level, where patches are applied to what was sent", async () => {
    const story = new Story("Request", "sent");
    const web = story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1, template: template("app:1") } });
    story.patch(DORA, web, { spec: { replicas: 3 } });
    expect(await told(story, "deploy/web")).toMatchObject({
      known: "partial",
      unknown: ["metadata.creationTimestamp", "metadata.resourceVersion", "metadata.uid"],
      state: { spec: { replicas: 3 } },
    });
  });

  it("is what later requests without bodies may have changed", async () => {
    const story = new Story((_user, verb) => (verb === "update" ? "Metadata" : "RequestResponse"), "later");
    const web = story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1, template: template("app:1") } });
    story.update(DORA, web, ({ status }) => (status["replicas"] = 1), "status");
    expect(await told(story, "deploy/web")).toMatchObject({ known: "partial", unknown: ["status"] });
    story.update(DORA, web, ({ spec }) => (spec["replicas"] = 5));
    expect(await told(story, "deploy/web")).toMatchObject({ unknown: ["metadata", "spec", "status"] });
  });
});
