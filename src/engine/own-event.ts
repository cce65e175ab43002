import { parseJson } from "../events/json.ts";
import { STAGES } from "../events/vocabulary.ts";
import { extractAuditID } from "../index/facts.ts";
import type { RequestIdentity } from "../index/request-identity.ts";
import type { RequestRing } from "../index/ring.ts";
import { momentOf } from "../ingest/scanner/parsed-event.ts";
import { TIMESTAMP_BYTES, TimestampReader } from "../ingest/scanner/timestamp-reader.ts";
import type { RowPlace } from "../queries/settle.ts";

const AUDIT_ID = Buffer.from('"auditID":"');
const RECEIVED = Buffer.from('"requestReceivedTimestamp":"');
const STAGED = Buffer.from('"stageTimestamp":"');
const BEHIND_ID = STAGES.map((stage) => Buffer.from(`","stage":"${stage}"`));
const QUOTE = 0x22;

/**
 * Whether bytes are the event a row's facts come from, by its auditID, stage and times. A file that was overwritten since
 * has another event in its place, perhaps of the same length.
 */
export class OwnEvents {
  private readonly ring: RequestRing;
  private readonly identity: RequestIdentity;
  private readonly times = new TimestampReader();

  constructor(ring: RequestRing) {
    this.ring = ring;
    this.identity = ring.identity();
  }

  has(place: RowPlace, event: Uint8Array): boolean {
    const bytes = Buffer.from(event.buffer, event.byteOffset, event.byteLength);
    return this.hasAtSight(place, bytes) || this.hasParsed(place, bytes);
  }

  /** As the API server writes it. A guess: enough to agree, not to differ. 0.6 µs instead of 5. */
  private hasAtSight({ block, row }: RowPlace, bytes: Buffer): boolean {
    const from = bytes.indexOf(AUDIT_ID) + AUDIT_ID.length;
    const to = bytes.indexOf(QUOTE, from);
    const behind = BEHIND_ID[this.ring.outcomes.stage[block.outcome[row] as number] as number];
    if (behind === undefined || from < AUDIT_ID.length || to < 0) return false;
    if (bytes.compare(behind, 0, behind.length, to, to + behind.length) !== 0) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.identity.hasher.hash(view, bytes, from, to);
    return (
      this.timeBehind(view, bytes, STAGED) === block.stageUs(row) &&
      this.timeBehind(view, bytes, RECEIVED) === block.receivedUs(row) &&
      this.identity.holds(block, row)
    );
  }

  private timeBehind(view: DataView, bytes: Buffer, key: Buffer): number {
    const at = bytes.lastIndexOf(key) + key.length;
    if (at < key.length || at + TIMESTAMP_BYTES > bytes.length) return Number.NaN;
    return this.times.read(view, bytes, at);
  }

  private hasParsed({ block, row }: RowPlace, bytes: Buffer): boolean {
    let event: unknown;
    try {
      event = parseJson(bytes.toString("utf8"));
    } catch {
      return false;
    }
    if (typeof event !== "object" || event === null || Array.isArray(event)) return false;
    const { stage, receivedUs, stageUs } = momentOf(event as Readonly<Record<string, unknown>>);
    this.identity.hasher.hashText(extractAuditID(bytes, 0, bytes.length));
    return (
      stage === this.ring.outcomes.stage[block.outcome[row] as number] &&
      Object.is(receivedUs, block.receivedUs(row)) &&
      Object.is(stageUs, block.stageUs(row)) &&
      this.identity.holds(block, row)
    );
  }
}
