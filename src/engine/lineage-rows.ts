import { actorClassOf } from "../events/actor-class.ts";
import { LEVELS, STAGES } from "../events/vocabulary.ts";
import type { RequestBlock } from "../index/contract.ts";
import type { RequestRing } from "../index/ring.ts";
import { extractAuditID } from "../index/facts.ts";
import { wants, type LineageEvent } from "../lineage/event.ts";

const absent = (): null => null;

const SCHEDULER = "system:kube-scheduler";

/** Picks the rows lineage has to read, by tuples alone: no string is made per row. */
export class LineageRows {
  private readonly ring: RequestRing;
  /** By (target, outcome): whether lineage wants such a request at all. Dropped when codes are renumbered. */
  private decided = new Map<number, boolean>();
  private generation = -1;

  constructor(ring: RequestRing) {
    this.ring = ring;
  }

  /**
   * Up to `limit` wanted rows from `from` on, in order, and where to go on. With a namespace: its own, cluster-scoped ones,
   * and what reaches across namespaces: evictions (a drain), pods that are created (preemption) and the scheduler's doing.
   */
  wanted(from: number, limit: number, namespace: string | null): { readonly seqs: number[]; readonly nextSeq: number } {
    const { ring } = this;
    const seqs: number[] = [];
    for (const block of ring.blocks) {
      const end = block.firstSeq + block.count;
      if (end <= from) continue;
      for (let row = Math.max(0, from - block.firstSeq); row < block.count; row += 1) {
        if (seqs.length === limit) return { seqs, nextSeq: block.firstSeq + row };
        if (this.isRelevant(block, row, namespace)) seqs.push(block.firstSeq + row);
      }
    }
    return { seqs, nextSeq: ring.endSeq };
  }

  isRelevant(block: RequestBlock, row: number, namespace: string | null): boolean {
    return this.isWanted(block, row) && (namespace === null || this.concerns(block, row, namespace));
  }

  /** A row as lineage reads it, with the bytes of its original event where there are any. */
  event(block: RequestBlock, row: number, raw: Uint8Array | null): LineageEvent {
    const { actors, targets, outcomes, dictionaries } = this.ring;
    const actor = block.actor[row] as number;
    const target = block.target[row] as number;
    const outcome = block.outcome[row] as number;
    const code = outcomes.code[outcome] as number;
    const user = dictionaries.user.text(actors.user[actor] as number);
    const event = {
      seq: block.firstSeq + row,
      auditID: raw === null ? "" : extractAuditID(raw, 0, raw.length),
      receivedUs: block.receivedUs(row),
      stageUs: block.stageUs(row),
      stage: STAGES[outcomes.stage[outcome] as number] ?? "ResponseComplete",
      level: LEVELS[outcomes.level[outcome] as number] ?? "None",
      verb: dictionaries.verb.text(outcomes.verb[outcome] as number),
      resource: dictionaries.resource.text(targets.resource[target] as number),
      subresource: dictionaries.subresource.text(targets.subresource[target] as number),
      namespace: dictionaries.namespace.text(targets.namespace[target] as number),
      name: dictionaries.name.text(targets.name[target] as number),
      uid: dictionaries.uid.text(targets.uid[target] as number),
      uri: dictionaries.uri.text(targets.uri[target] as number),
      code: code === 0 ? null : code,
      reason: dictionaries.reason.text(outcomes.reason[outcome] as number),
      user,
      asFrom: dictionaries.user.text(actors.asFrom[actor] as number),
      actorClass: actorClassOf(user),
      ip: dictionaries.ip.text(actors.ip[actor] as number),
      useragent: dictionaries.useragent.text(actors.useragent[actor] as number),
      responseStatus: absent,
      requestBody: absent,
      responseBody: absent,
    };
    return raw === null ? event : { ...event, raw: Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength) };
  }

  private isWanted(block: RequestBlock, row: number): boolean {
    if (this.ring.generation !== this.generation) {
      this.generation = this.ring.generation;
      this.decided = new Map();
    }
    const target = block.target[row] as number;
    const outcome = block.outcome[row] as number;
    const key = target * 0x1_0000_0000 + outcome;
    const known = this.decided.get(key);
    if (known !== undefined) return known;
    const { targets, outcomes, dictionaries } = this.ring;
    const code = outcomes.code[outcome] as number;
    const isWanted = wants({
      stage: STAGES[outcomes.stage[outcome] as number] ?? "ResponseComplete",
      verb: dictionaries.verb.text(outcomes.verb[outcome] as number),
      resource: dictionaries.resource.text(targets.resource[target] as number),
      subresource: dictionaries.subresource.text(targets.subresource[target] as number),
      code: code === 0 ? null : code,
    });
    if (this.decided.size >= 1 << 20) this.decided = new Map();
    this.decided.set(key, isWanted);
    return isWanted;
  }

  private concerns(block: RequestBlock, row: number, namespace: string): boolean {
    const { actors, targets, outcomes, dictionaries } = this.ring;
    const target = block.target[row] as number;
    const own = dictionaries.namespace.text(targets.namespace[target] as number);
    if (own === namespace || own === "") return true;
    const subresource = dictionaries.subresource.text(targets.subresource[target] as number);
    if (subresource === "eviction") return true;
    if (dictionaries.resource.text(targets.resource[target] as number) !== "pods") return false;
    const verb = dictionaries.verb.text(outcomes.verb[block.outcome[row] as number] as number);
    if (verb === "create" && subresource === "") return true;
    return (
      subresource !== "binding" &&
      dictionaries.user.text(actors.user[block.actor[row] as number] as number) === SCHEDULER
    );
  }
}
