import { expect, test } from "vitest";
import { eventFacts } from "../../src/events/event-facts.ts";
import { wholeObject } from "../../src/formats/shape/json-bytes.ts";
import { extractAuditID, factsOf } from "../../src/index/facts.ts";
import { AuditedEventReader } from "../../src/policy/audited-event.ts";
import { wholeFacts } from "../../src/queries/whole-facts.ts";
import { evidenceOf } from "../../src/rbac/evidence.ts";
import { Feeder } from "../index/feeder.ts";
import { MUTATIONS, randomFrom } from "../ingest/mutations.ts";
import { DEMO, linesOf, logsIn } from "../support/log-files.ts";

const lines = logsIn(DEMO).flatMap(linesOf);
const ROUNDS = 150;

/** The facts of a line from the kernel's columns, as they show in a row. */
function fromColumns(bytes: Buffer): ReturnType<typeof factsOf> | null {
  const feeder = new Feeder();
  if (!feeder.scanner.scan(bytes, 0, bytes.length, feeder.source, 0, bytes.length)) return null;
  feeder.ring.append(feeder.scanner.takeBatch());
  const [block] = feeder.ring.blocks;
  return block === undefined ? null : factsOf(feeder.ring, block, 0);
}

test.each(Object.keys(MUTATIONS))("all readers of an event agree: %s", (name) => {
  const random = randomFrom(name.length * 7_919);
  let read = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const line = (MUTATIONS[name] as (typeof MUTATIONS)[string])(lines[random(lines.length)] as string, random, lines);
    const bytes = Buffer.from(line);
    const columns = fromColumns(bytes);
    if (columns === null) continue;
    read += 1;
    const parsed = JSON.parse(bytes.toString("utf8")) as unknown;
    const { code, message, annotations: _, extra: __, effectiveExtra: ___, ...others } = eventFacts(parsed);
    const { requestObject: ____, responseObject: _____, ...texts } = others;
    expect({ ...columns, auditID: extractAuditID(bytes, 0, bytes.length) }, line).toMatchObject({
      ...texts,
      code: code === 0 ? null : code,
    });
    // Completed from the original event, a row says what it says without.
    expect(wholeFacts(columns, bytes), line).toEqual(columns);
    const evidence = evidenceOf(parsed);
    expect(evidence.message.toWellFormed(), line).toBe(message);
    if (texts.asFrom !== "") expect(evidence.impersonation, line).not.toBeNull();
    const start = bytes.indexOf(0x7b);
    const end = bytes.lastIndexOf(0x7d) + 1;
    const audited = new AuditedEventReader().read(bytes, start, end, wholeObject(bytes, start, end) ?? []);
    expect({ isActing: audited.isImpersonated, auditID: audited.auditID, code: audited.code }, line).toEqual({
      isActing: evidence.impersonation !== null,
      auditID: texts.auditID,
      code: code === 0 ? null : code,
    });
    if (!audited.isImpersonated) expect((audited.user?.name ?? "").toWellFormed(), line).toBe(texts.user);
  }
  expect(read).toBeGreaterThan(ROUNDS / 10);
});
