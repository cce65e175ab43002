import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { LocalEngine } from "../../src/engine/local-engine.ts";
import type { BriefSample, Detector, Sample, SampleRequest } from "../../src/findings/contract.ts";
import { isLongRunning } from "../../src/events/vocabulary.ts";

const START_MS = Date.parse("2026-11-21T10:00:00Z");
/** Addresses that samples may come from as bad ones. */
const KNOWN_BAD = ["203.0.113.66", "198.51.100.0/24"];
/** Between requests that say nothing of time, seconds. */
const RIGHT_AFTER = 0.01;

/** A detector's sample with what is usual in its samples. */
export function wholeSample({ id, usual }: Detector, sample: BriefSample): Sample {
  return sample.map((brief) => {
    const { verb, resource, ...rest } = { ...usual, ...brief };
    if (verb === undefined || resource === undefined) throw new Error(`a sample of ${id} lacks verb or resource`);
    return { ...rest, verb, resource };
  });
}

/** Reads the sample from a file that is gone after the test that asks. */
export function engineOfSample(sample: Sample): LocalEngine {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-findings-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "sample.log");
  writeFileSync(path, sampleLines(sample));
  return engineOfFile(path);
}

/** Everything of a file or a folder is kept. */
export function engineOfFile(path: string): LocalEngine {
  return new LocalEngine({
    inputs: [path],
    follow: false,
    capacity: Number.POSITIVE_INFINITY,
    dictionaryBytes: Number.POSITIVE_INFINITY,
    rawBytes: 1 << 20,
    tailMs: Number.POSITIVE_INFINITY,
    format: "auto",
    timeZone: "utc",
    knownBad: KNOWN_BAD,
  });
}

/** A sample as lines of an audit log, in the order of their times. */
export function sampleLines(sample: Sample): string {
  const events: { readonly at: number; readonly line: string }[] = [];
  let now = 0;
  for (const request of sample) {
    const first = request.at ?? now;
    const { times = 1, every = RIGHT_AFTER } = request;
    for (let time = 0; time < times; time++) {
      const at = first + time * every;
      events.push({ at, line: JSON.stringify(eventOf(request, at, events.length)) });
      now = at + RIGHT_AFTER;
    }
  }
  return events
    .sort((a, b) => a.at - b.at)
    .map(({ line }) => `${line}\n`)
    .join("");
}

function eventOf(sample: SampleRequest, at: number, number: number): object {
  const { resource, verb, code = verb === "create" ? 201 : 200 } = sample;
  const { user = code === 401 ? "" : "somebody", decision = code === 401 ? "" : "allow" } = sample;
  const received = START_MS + Math.round(at * 1e3);
  const [plural = "", subresource = ""] = resource.split("/");
  const dot = plural.indexOf(".");
  const isPath = resource.startsWith("/");
  const group = dot < 0 ? "" : plural.slice(dot + 1);
  const uri = isPath ? resource : uriOf(sample, dot < 0 ? plural : plural.slice(0, dot), group, subresource);
  const isOpen = code === null;
  return {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: sample.request === undefined && sample.response === undefined ? "Metadata" : "RequestResponse",
    auditID: `sample-${number}`,
    stage:
      sample.stage ??
      (isOpen
        ? "RequestReceived"
        : code === 401 || (isLongRunning(verb, subresource, uri) && verb !== "watch")
          ? "ResponseStarted"
          : "ResponseComplete"),
    requestURI: `${uri}${sample.query === undefined ? "" : `?${sample.query}`}`,
    verb,
    user:
      user === ""
        ? {}
        : {
            username: user,
            groups: sample.groups ?? ["system:authenticated"],
            ...(sample.extra === undefined ? {} : { extra: sample.extra }),
          },
    ...(sample.as === undefined ? {} : { impersonatedUser: { username: sample.as, groups: sample.asGroups ?? [] } }),
    sourceIPs: [...(sample.forwarded ?? []), sample.ip ?? "10.0.0.1"],
    userAgent: sample.ua ?? "sample/1.0",
    ...(isPath
      ? {}
      : {
          objectRef: {
            resource: dot < 0 ? plural : plural.slice(0, dot),
            ...(sample.namespace === undefined ? {} : { namespace: sample.namespace }),
            ...(sample.name === undefined ? {} : { name: sample.name }),
            ...(group === "" ? {} : { apiGroup: group }),
            apiVersion: sample.version ?? "v1",
            ...(subresource === "" ? {} : { subresource }),
          },
        }),
    ...(isOpen
      ? {}
      : {
          responseStatus: {
            metadata: {},
            code,
            ...(sample.reason === undefined ? {} : { reason: sample.reason }),
            ...(sample.message === undefined ? {} : { message: sample.message }),
          },
        }),
    ...(sample.request === undefined ? {} : { requestObject: sample.request }),
    ...(sample.response === undefined ? {} : { responseObject: sample.response }),
    requestReceivedTimestamp: micro(received),
    stageTimestamp: micro(received + (isOpen ? 0 : (sample.latencyMs ?? 3))),
    annotations: {
      ...(decision === "" ? {} : { "authorization.k8s.io/decision": decision }),
      ...(decision === "" && sample.authReason === undefined
        ? {}
        : { "authorization.k8s.io/reason": sample.authReason ?? "" }),
      ...sample.annotations,
    },
  };
}

function uriOf({ namespace, name, version = "v1" }: SampleRequest, plural: string, group: string, sub: string): string {
  const parts = [group === "" ? `/api/${version}` : `/apis/${group}/${version}`];
  if (namespace !== undefined && plural !== "namespaces") parts.push("namespaces", namespace);
  parts.push(plural);
  if (name !== undefined) parts.push(name);
  if (sub !== "") parts.push(sub);
  return parts.join("/");
}

function micro(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
