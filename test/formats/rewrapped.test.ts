import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

test("a must-gather: as a tree, a tar, a zip, and packed", async () => {
  const half = lines.length / 2;
  const file = (part: readonly string[]): string => part.map((line) => `${line}\n`).join("");
  const folder = "must-gather/quay-io/audit_logs/kube-apiserver";
  const entries = [
    { name: `${folder}/master-0-audit-2026-11-21T00-09-32.352.log.gz`, content: gzipSync(file(lines.slice(0, half))) },
    { name: `${folder}/master-0-audit.log`, content: file(lines.slice(half)) },
    { name: "must-gather/quay-io/audit_logs/kube-apiserver.audit_logs_listing", content: "master-0 audit.log\n" },
    { name: "must-gather/event-filter.html", content: "<html>" },
    { name: "must-gather/namespaces/demo/core/pods.yaml", content: "kind: List\n" },
  ];
  const tar = await tarOf(entries);
  for (const [name, bytes] of [
    ["g.tar", tar],
    ["g.tar.gz", gzipSync(tar)],
    ["g.tar.zst", zstdCompressSync(tar)],
    ["g.zip", zipOf(entries)],
  ] as const) {
    const path = join(directory, name);
    writeFileSync(path, bytes);
    expect(await answers(path)).toEqual(bare);
    const { stdout } = await answered(["top", "--by", "apiserver", "-o", "json", path]);
    expect(JSON.parse(stdout)).toMatchObject({ rows: [{ key: { apiserver: "kube-apiserver/master-0" } }] });
  }
});
