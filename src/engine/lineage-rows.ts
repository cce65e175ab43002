import { STAGES } from "../events/vocabulary.ts";
import type { RequestBlock } from "../index/contract.ts";
import type { RequestRing } from "../index/ring.ts";
import { wants } from "../lineage/event.ts";

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
