import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tarOf, zipOf } from "../support/archive-files.ts";
import { INFERRED_ANNOTATION } from "../../src/events/inferred.ts";
import { type Envelope, ENVELOPES } from "../support/envelopes.ts";
import { answering } from "../support/headless.ts";
import { DEMO, linesOf, logsIn } from "../support/log-files.ts";
import { LOSSY_ENVELOPES } from "../support/lossy-envelopes.ts";

/** A recorded log in every envelope: what is asked of it is answered as of the bare one. */
const answered = answering();
const directory = mkdtempSync(join(tmpdir(), "ktrail-rewrapped-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** What is about a Deployment, the longest lines, and some others between. */
const lines = logsIn(DEMO)
  .slice(3, 6)
  .flatMap(linesOf)
  .filter(
    (line, at) => at % 40 === 0 || line.length > 40_000 || /namespaces\/demo\/[^"]*nginx/.test(line.slice(0, 400)),
  )
  .slice(0, 240);
const QUESTIONS = [
  "top --by user,verb,resource,code,level,stage,useragent,ip,decision --limit all -o json",
  "events -o jsonl --limit all",
  "trail deploy/nginx -n demo -o json",
];

/** Sizes and places are those of the file. */
function withoutPlaces(stdout: string): string {
  return stdout.replaceAll(/,?"source":\{[^}]*\}/g, "").replaceAll(/,?\s*"(?:bytes|apiserver)":\s*("[^"]*"|\d+)/g, "");
}

async function answers(path: string): Promise<string[]> {
  const texts: string[] = [];
  for (const question of QUESTIONS) {
    const { code, stdout } = await answered([...question.split(" "), path]);
    texts.push(`${code}\n${withoutPlaces(stdout)}`);
  }
  return texts;
}

let bare: readonly string[] = [];
beforeAll(async () => {
  const path = join(directory, "bare.log");
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
  bare = await answers(path);
  expect(bare[0]).toContain('"requests": ');
  expect(bare[2]).toContain("nginx");
});

/** The file with the log so wrapped: every event of it is read, as of this format. */
async function wrapped({ name, format, wrap }: Envelope): Promise<string> {
  const path = join(directory, name.replaceAll("/", "-"));
  writeFileSync(path, wrap(lines));
  const info = JSON.parse((await answered(["info", path, "-o", "json"])).stdout) as {
    inputs: [{ format: string; events: number; skipped: Record<string, number> }];
  };
  expect(info.inputs[0]).toMatchObject({ format, events: lines.length });
  expect(Object.values(info.inputs[0].skipped)).toEqual(Object.values(info.inputs[0].skipped).fill(0));
  return path;
}

test.each(ENVELOPES)("$name", async (envelope) => {
  expect(await answers(await wrapped(envelope))).toEqual(bare);
});

test.each(LOSSY_ENVELOPES)("$name, which can't hold all", async (envelope) => {
  const path = await wrapped(envelope);
  const left = join(directory, `left of ${envelope.name}`);
  const kept = lines.map((line) => {
    const { event, inferred } = envelope.left(JSON.parse(line) as Parameters<typeof envelope.left>[0]);
    const { annotations } = event as { annotations?: object };
    const marked = inferred.length === 0 ? annotations : { ...annotations, [INFERRED_ANNOTATION]: inferred.join("; ") };
    return { kind: "Event", apiVersion: "audit.k8s.io/v1", ...event, annotations: marked };
  });
  writeFileSync(left, kept.map((event) => `${JSON.stringify(event)}\n`).join(""));
  expect(await answers(path)).toEqual(await answers(left));
  const { stdout } = await answered(["events", "-o", "json", "--limit", "all", path]);
  const records = JSON.parse(stdout) as readonly object[];
  expect(records.length).toBeGreaterThan(150);
  for (const record of records) expect(record).toMatchObject(envelope.unknown);
});

/** What a must-gather has beside the logs, of which some look like events, some like logs and some like archives. */
const BESIDE: Readonly<Record<string, string | Buffer>> = {
  "audit_logs/kube-apiserver.audit_logs_listing": "master-0 audit.log\nmaster-1 audit.log\n",
  "audit_logs/kube-apiserver/master-0-termination.log.gz": gzipSync(
    'I1121 00:00:01.1 1 genericapiserver.go:500] "x"\n',
  ),
  "audit_logs/audit-policy.yaml": "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n",
  "event-filter.html": "<html>",
  timestamp: "2026-11-21 00:20:01.5 +0000 UTC m=+1\n",
  "namespaces/demo/core/pods.yaml": "kind: PodList\nitems:\n- {kind: Pod, metadata: {name: a, auditID: x}}\n",
  "namespaces/demo/core/events.yaml":
    "apiVersion: v1\nkind: EventList\nitems:\n- {apiVersion: v1, kind: Event, reason: Killing}\n",
  "namespaces/demo/pods/web-0/logs/current.log":
    '2026-11-21T00:00:01.123456789Z I1121 00:00:01.123456 1 trace.go:219] "List" url:/api/v1/pods (auditID: 5c2)\n',
  "namespaces/demo/pods/web-0/logs/previous.log": "",
  "host_service_logs/masters/kubelet_service.log": "Nov 21 00:00:01.123456 master-0 kubenswrapper[2123]: I1121 x\n",
  "monitoring/prometheus/rules.json": '{"status":"success","data":{"groups":[{"name":"audit","rules":[]}]}}',
  "network_logs/database.tar.gz": gzipSync("no archive").subarray(0, 15),
  "insights-operator/insights.tar.gz": "",
};

test("a must-gather: as a tree, a tar, a zip, and packed", async () => {
  const file = (part: readonly string[]): string => part.map((line) => `${line}\n`).join("");
  const folder = "must-gather.local.1/quay-io-ocp-sha256-ab12";
  const servers = ["kube-apiserver/master-0", "kube-apiserver/master-1", "openshift-apiserver/master-0"];
  const shares = servers.map((_, server) => lines.filter((_line, at) => at % servers.length === server));
  const entries = [
    ...Object.entries(BESIDE).map(([path, content]) => ({ name: `${folder}/${path}`, content })),
    ...servers.flatMap((server, at) => {
      const share = shares[at] ?? [];
      const log = `${folder}/audit_logs/${server}-audit`;
      return [
        { name: `${log}-2026-11-21T00-09-32.352.log.gz`, content: gzipSync(file(share.slice(0, 30))) },
        { name: `${log}.log.gz`, content: gzipSync(file(share.slice(30))) },
      ];
    }),
  ];
  const tree = join(directory, "tree");
  for (const { name, content } of entries) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), content);
  }
  const tar = await tarOf(entries);
  const packed: Readonly<Record<string, Uint8Array>> = {
    "g.tar": tar,
    "g.tar.gz": gzipSync(tar),
    "g.tar.zst": zstdCompressSync(tar),
    "g.zip": zipOf(entries),
  };
  for (const [name, bytes] of Object.entries(packed)) writeFileSync(join(directory, name), bytes);
  for (const path of [tree, ...Object.keys(packed).map((name) => join(directory, name))]) {
    expect(await answers(path), path).toEqual(bare);
    const { code, stdout, stderr } = await answered(["events", "--limit", "all", "-o", "json", path]);
    expect({ code, stderr }, path).toEqual({ code: 0, stderr: "" });
    const ids = (server: string): string[] =>
      (JSON.parse(stdout) as { auditID: string; source: { path: string } }[])
        .filter(({ source }) => source.path.includes(`audit_logs/${server}-audit`))
        .map(({ auditID }) => auditID);
    const top = JSON.parse((await answered(["top", "--by", "apiserver", "-o", "json", path])).stdout) as {
      rows: { key: { apiserver: string }; requests: number }[];
    };
    const told = Object.fromEntries(top.rows.map(({ key, requests }) => [key.apiserver, requests]));
    expect(told, path).toEqual(Object.fromEntries(servers.map((server) => [server, ids(server).length])));
    const info = JSON.parse((await answered(["info", path, "-o", "json"])).stdout) as {
      inputs: { path: string; events: number; passedOver?: string | null }[];
    };
    const read = info.inputs.filter(({ events }) => events > 0);
    expect(read.map(({ path: from }) => from.slice(from.indexOf(folder))).sort(), path).toEqual(
      entries
        .map(({ name }) => name)
        .filter((name) => /-audit.*\.log\.gz$/.test(name))
        .sort(),
    );
  }
});
