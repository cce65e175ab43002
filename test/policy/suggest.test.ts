import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { actorClassOf } from "../../src/events/actor-class.ts";
import { wholeObject } from "../../src/formats/shape/json-bytes.ts";
import { type AuditedEvent, AuditedEventReader } from "../../src/policy/audited-event.ts";
import type { Policy } from "../../src/policy/contract.ts";
import { evaluatorOf, isWritten } from "../../src/policy/evaluate.ts";
import { lintPolicy } from "../../src/policy/lint/lint.ts";
import { readPolicies } from "../../src/policy/read-policy.ts";
import { Replay } from "../../src/policy/replay.ts";
import type { Suggestion } from "../../src/policy/suggest/contract.ts";
import { suggestedYaml, suggestPolicy } from "../../src/policy/suggest/suggest.ts";
import { Traffic } from "../../src/policy/suggest/traffic.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { describeShared } from "../support/shared-data.ts";
import { auditedEvents } from "./audited-events.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-suggest-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Suggested {
  readonly suggestion: Suggestion;
  readonly text: string;
  readonly policy: Policy;
}

function suggested(events: Iterable<AuditedEvent>): Suggested {
  const traffic = new Traffic();
  for (const event of events) traffic.see(event);
  const suggestion = suggestPolicy(traffic);
  const accepts = suggestion.rules.flatMap((rule) => rule.accepts ?? []);
  const text = suggestedYaml(suggestion, [`ktrail: accept ${accepts.join(", ")}`], ({ about }) => about);
  const [read] = readPolicies(text);
  if (read?.policy === undefined || read.policy === null) throw new Error(`refused: ${JSON.stringify(read?.problems)}`);
  expect(read.problems).toEqual([]);
  expect(lintPolicy(read, text, null).items).toEqual([]);
  return { suggestion, text, policy: read.policy };
}

const WRITES = ["create", "update", "patch", "delete", "deletecollection"];
/** Bodies of these are never written. */
const SECRET = [
  "secrets",
  "configmaps",
  "serviceaccounts/token",
  "tokenreviews.authentication.k8s.io",
  "sealedsecrets.bitnami.com",
];

/** What a suggestion promises, and what must never go. */
function expectPromises({ suggestion, policy }: Suggested, events: Iterable<AuditedEvent>): void {
  const evaluator = evaluatorOf(policy);
  const replay = new Replay(policy, [], []);
  const lost: string[] = [];
  for (const event of events) {
    replay.see(event);
    const { attributes, user, stage, code, target } = event;
    const decision = evaluator.decide(user, attributes);
    const isRefused = code === 401 || code === 403;
    const isByPeople =
      attributes.isResourceRequest && WRITES.includes(attributes.verb) && actorClassOf(user?.name ?? "") === "human";
    const isKept = isWritten(decision, stage);
    if (!isKept && (isRefused || isByPeople) && stage !== "RequestReceived") lost.push(event.auditID);
    if (SECRET.slice(0, 4).includes(target) && !["None", "Metadata"].includes(decision.level))
      lost.push(`${target} at ${decision.level}`);
    const hasBodies = decision.level === "RequestResponse" || SECRET.includes(target) || target.startsWith("leases");
    if (isByPeople && !hasBodies && !target.startsWith("events")) lost.push(`${target} by people at ${decision.level}`);
  }
  expect(lost).toEqual([]);
  const { in: whole, kept, lacking, rules } = replay.result();
  expect({ in: suggestion.in, kept: suggestion.kept, lacking: suggestion.lacking }).toEqual({
    in: whole,
    kept,
    lacking,
  });
  expect(suggestion.rules.map((rule) => [rule.in, rule.kept])).toEqual(rules.map((rule) => [rule.in, rule.kept]));
}

function* eventsOf(paths: readonly string[]): Generator<AuditedEvent> {
  for (const path of paths) yield* auditedEvents(path);
}

/** The log as the policy would have written it. */
function reduced(name: string, policy: Policy, events: Iterable<AuditedEvent>): string {
  const evaluator = evaluatorOf(policy);
  const parts: Buffer[] = [];
  for (const event of events) {
    const decision = evaluator.decide(event.user, event.attributes);
    if (!isWritten(decision, event.stage)) continue;
    parts.push(event.reduced(decision.level, decision.omitManagedFields), Buffer.from("\n"));
  }
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

const WORKLOADS =
  /\/(?:deployments\.apps|statefulsets\.apps|daemonsets\.apps|replicasets\.apps|jobs\.batch|cronjobs\.batch|pods)\//;

/** Every object of a workload's trail with who made and removed it, its owner, and why it is gone. */
async function storyOf(engine: Engine, object: string): Promise<unknown> {
  const [namespace = "", resource = "", name = ""] = object.split("/");
  const ask = { object: `${resource}/${name}`, namespace };
  const trail = await engine.ask("trail", ask);
  const why = await engine.ask("why", ask);
  const named = new Map((trail?.nodes ?? []).map((node) => [node.id, `${node.kind} ${node.name}`]));
  return {
    nodes: trail?.nodes.map(({ kind, name: own, createdBy, deletedBy, deleted, owner }) =>
      [kind, own, createdBy, deletedBy, deleted, named.get(owner?.id ?? "")].join(" "),
    ),
    rollouts: trail?.rollouts?.map(({ revision, what, by }) => [revision, what, by].join(" ")),
    why: [why?.verdict, ...(why?.chain ?? []).map(({ what, by, object: of }) => `${of} ${what} by ${by}`)],
  };
}

async function opened(inputs: readonly string[]): Promise<Engine> {
  const engine = createEngine({ inputs, lineage: { namespace: null } });
  await engine.loaded();
  return engine;
}

describe("a suggested policy for the bundled log", () => {
  const made = suggested(eventsOf(logsIn(DEMO)));

  it("keeps at most 40 % of it, every refusal and every write by people, and what it promises", () => {
    expectPromises(made, eventsOf(logsIn(DEMO)));
    expect(made.suggestion.kept.bytes / made.suggestion.in.bytes).toBeLessThanOrEqual(0.4);
  });

  it("says at each rule why it is there", () => {
    for (const { about } of made.suggestion.rules) expect(about.join(" ")).toMatch(/^[A-Z].*\.$/);
    expect(made.text.match(/^ {2}# /gm)?.length).toBeGreaterThanOrEqual(made.suggestion.rules.length);
  });

  it("leaves trails of workloads and causes as they are", async () => {
    const full = await opened([DEMO]);
    const less = await opened([reduced("demo.log", made.policy, eventsOf(logsIn(DEMO)))]);
    const { rows } = await full.ask("groups", { filter: parseQuery("code:<400"), by: ["object"], limit: 100_000 });
    const objects = rows.map(({ key }) => key.object ?? "").filter((object) => WORKLOADS.test(object));
    expect(objects.length).toBeGreaterThan(60);
    for (const object of objects)
      expect([object, await storyOf(less, object)]).toEqual([object, await storyOf(full, object)]);
    await Promise.all([full.close(), less.close()]);
  });
});

describe("a suggested policy for any log", () => {
  const event = record({
    user: constantFrom(
      ["jane", "system:authenticated"],
      ["system:node:worker-1", "system:nodes", "system:authenticated"],
      ["system:kube-scheduler", "system:authenticated"],
      ["system:apiserver", "system:masters", "system:authenticated"],
      [
        "system:serviceaccount:kube-system:job-controller",
        "system:serviceaccounts",
        "system:serviceaccounts:kube-system",
        "system:authenticated",
      ],
      [
        "system:serviceaccount:shop:cart",
        "system:serviceaccounts",
        "system:serviceaccounts:shop",
        "system:authenticated",
      ],
      ["system:anonymous", "system:unauthenticated"],
      [],
    ),
    verb: constantFrom("get", "list", "watch", "create", "update", "patch", "delete"),
    path: constantFrom(
      "/api/v1/namespaces/shop/pods",
      "/api/v1/namespaces/shop/secrets",
      "/api/v1/namespaces/shop/events",
      "/api/v1/nodes/worker-1/status",
      "/api/v1/namespaces/shop/pods/a/status",
      "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/x",
      "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/x",
      "/apis/bitnami.com/v1/namespaces/shop/sealedsecrets/x",
      "/apis/config.openshift.io/v1/clusteroperators/x/status",
      "/api/v1/namespaces/shop/O_dd\u202e*",
      "/livez",
      "/apis",
      "/metrics",
    ),
    stage: constantFrom("RequestReceived", "ResponseStarted", "ResponseComplete"),
    level: constantFrom("Metadata", "RequestResponse"),
    code: constantFrom(200, 201, 401, 403, 404),
    size: integer({ min: 0, max: 3 }),
  });

  it("promises what its replay says, has nothing to lint and drops no refusal", () => {
    const reader = new AuditedEventReader();
    assert(
      property(array(event, { maxLength: 60 }), (made) => {
        const events = made.map(({ user, verb, path, stage, level, code, size }, at) => {
          const [username, ...groups] = user;
          const body = { metadata: { name: "x", managedFields: Array.from({ length: size }, () => ({})) } };
          const text = JSON.stringify({
            kind: "Event",
            level,
            auditID: String(at),
            stage,
            requestURI: encodeURI(path),
            verb,
            user: username === undefined ? {} : { username, groups },
            ...(stage === "RequestReceived" ? {} : { responseStatus: { code } }),
            ...(level === "Metadata" ? {} : { requestObject: body, responseObject: body }),
          });
          const bytes = Buffer.from(text);
          const members = wholeObject(bytes, 0, bytes.length);
          if (members === null) throw new Error(text);
          return reader.read(bytes, 0, bytes.length, members);
        });
        // A person has no business in the groups of machinery, and machinery's names are its own.
        expectPromises(suggested(events), events);
      }),
      { numRuns: 200 },
    );
  });

  it("is a policy even for nothing", () => {
    const { suggestion } = suggested([]);
    expect(suggestion).toMatchObject({ in: { events: 0 }, kept: { events: 0 } });
    expect(suggestion.rules.at(-1)?.rule).toEqual({ level: "Metadata" });
  });
});

describeShared("a suggested policy for recorded logs", ["data/cluster"], (cluster) => {
  it.each([
    ["V/audit.log.gz", 0.6],
    ["X1/X1.log.gz", 0.5],
    ["Q/Q.log.gz", 0.4],
    ["L/audit.log.gz", 0.1],
  ])("%s: at most %d of its bytes", (path, most) => {
    const events = [...eventsOf([join(cluster, path)])];
    const made = suggested(events);
    expectPromises(made, events);
    expect(made.suggestion.kept.bytes / made.suggestion.in.bytes).toBeLessThanOrEqual(most);
  });
});
