import { creationChain } from "./causes/creation.ts";
import type { Explanation, RemovalContext } from "./causes/contract.ts";
import { CAUSES } from "./causes/registry.ts";
import type { WhyLink, WhyResult } from "./contract.ts";
import type { Families } from "./family.ts";
import { isFinalRemoval, type Life } from "./lives.ts";
import { otherLives, type FoundObject } from "./object-text.ts";
import type { ObjectStore } from "./object-store.ts";
import { rejection } from "./rejection.ts";
import { objectWords, stepsOf } from "./steps.ts";
import { stuckExplanation } from "./stuck.ts";
import { iso, isoOf } from "./times.ts";
import { succeeded, type Touch } from "./touch.ts";

/** Owners of owners of owners…: longer chains are nobody's intention. */
const MAX_DEPTH = 16;

/** Why an object is gone, stuck, was never there, or that it is alive. */
export function whyOf(found: FoundObject, families: Families, store: ObjectStore, oldestSeq: number): WhyResult {
  const asked = new Asking(families, store, oldestSeq);
  const { life } = found;
  const answer = asked.about(life);
  const missing = new Set(answer.missing);
  if (answer.confidence !== "certain" && missing.size === 0) for (const said of asked.needs()) missing.add(said);
  if (found.alsoIn.length > 0)
    missing.add(`the name is also in ${found.alsoIn.slice(0, 5).join(", ")}: tell the namespace to mean those`);
  return {
    object: objectWords(life),
    verdict: answer.verdict,
    chain: answer.chain,
    confidence: answer.confidence,
    missing: [...missing],
    id: life.id,
    finalizers: answer.verdict === "stuck" ? finalizersOf(life) : [],
    otherLives: otherLives(found).map((other) => ({
      id: other.id,
      created: isoOf(other.createdUs),
      deleted: isoOf(other.removal?.timeUs ?? other.goneUs),
    })),
  };
}

/** One question: remembers what is being explained, so that owners that own each other end. */
class Asking {
  private readonly families: Families;
  private readonly store: ObjectStore;
  private readonly oldestSeq: number;
  private readonly under = new Set<Life>();
  /** Resources of the links that are logged at Metadata level. */
  private readonly poor = new Set<string>();
  private readonly words = new Map<Life, Map<string, string>>();

  constructor(families: Families, store: ObjectStore, oldestSeq: number) {
    this.families = families;
    this.store = store;
    this.oldestSeq = oldestSeq;
  }

  /** What would make the links sure that were told without bodies. */
  needs(): readonly string[] {
    if (this.poor.size === 0) return [];
    const resources = [...this.poor].sort().join(", ");
    return [`some of this is told by names, actors and times: certainty needs Request level for ${resources}`];
  }

  about(life: Life): Explanation {
    const link = (of: Life, touch: Touch, because: string): WhyLink => this.link(of, touch, because);
    const refused = rejection(life, this.families, this.store, link);
    if (refused !== null) return refused;
    if (life.removal === null) return this.withoutRemoval(life);
    const stuck = stuckExplanation(life, this.store, this.families, link);
    const cause = this.explain(life);
    if (cause === null) return this.withoutRemoval(life);
    if (stuck === null) return cause;
    return { ...stuck, chain: [...stuck.chain, ...cause.chain], missing: [...stuck.missing, ...cause.missing] };
  }

  private explain(life: Life): Explanation | null {
    const { removal } = life;
    if (removal === null || this.under.has(life) || this.under.size >= MAX_DEPTH) return null;
    this.under.add(life);
    const context: RemovalContext = {
      life,
      removal,
      families: this.families,
      store: this.store,
      explain: (other) => this.explain(other),
      link: (of, touch, because) => this.link(of, touch, because),
    };
    let answer: Explanation | null = null;
    for (const kind of CAUSES) {
      answer = kind.explain(context);
      if (answer !== null) break;
    }
    this.under.delete(life);
    return answer;
  }

  /** Nothing asked for its removal, as far as the log goes. */
  private withoutRemoval(life: Life): Explanation {
    const link = (of: Life, touch: Touch, because: string): WhyLink => this.link(of, touch, because);
    if (life.goneUs !== null) {
      return {
        verdict: "unknown",
        chain: [],
        confidence: "guess",
        missing: ["it is gone (its name was created anew), but no delete of it is in this log"],
      };
    }
    const namespace = life.record.namespace;
    const space = namespace === "" ? undefined : this.families.livesOf("namespaces", "", namespace).at(-1);
    if (space !== undefined && space.removal !== null && (life.createdUs ?? 0) < space.removal.timeUs) {
      const cause = this.explain(space);
      return {
        verdict: "namespace-deleted",
        chain: cause?.chain ?? [],
        confidence: "likely",
        missing: [`its own removal is not in the log: needs RequestResponse level for ${life.record.resource}`],
      };
    }
    const evicted = life.touches.findLast(({ facts }) => facts?.pod?.reason === "Evicted");
    if (evicted !== undefined) {
      const because = evicted.facts?.pod?.message ?? "";
      return { verdict: "evicted", chain: [link(life, evicted, because)], confidence: "certain", missing: [] };
    }
    if (!life.real && life.touches.some((touch) => touch.dryRun)) {
      const said = "only dry-run requests name it: it was never created";
      return { verdict: "unknown", chain: [], confidence: "certain", missing: [said] };
    }
    if (!life.real) {
      return {
        verdict: "unknown",
        chain: [],
        confidence: "guess",
        missing: ["no request that shows it existed is in this log"],
      };
    }
    const { resource, namespace: within } = life.record;
    const perhaps = this.store
      .unnamedOf(resource, within)
      .some((touch) => touch.verb === "deletecollection" && succeeded(touch) && touch.timeUs >= life.firstUs);
    const missing = life.create === null ? [`the create of ${objectWords(life)} is not in this log`] : [];
    const unread =
      resource === "pods" && life.touches.some((touch) => touch.actor.node !== "" && touch.level === "Metadata");
    if (unread) missing.push("whether its kubelet evicted it is not in this log: needs Request level for pods/status");
    return {
      verdict: "alive",
      chain: creationChain(life, { families: this.families, link }),
      confidence: perhaps ? "guess" : unread ? "likely" : "certain",
      missing: [
        perhaps
          ? `a deletecollection of ${resource} may have covered it: needs RequestResponse level`
          : "no delete of it is in this log",
        ...missing,
      ],
    };
  }

  private link(life: Life, touch: Touch, because: string): WhyLink {
    if (touch.level === "Metadata") this.poor.add(life.record.resource);
    return {
      t: iso(touch.timeUs),
      object: objectWords(life),
      what: this.wordsOf(life, touch),
      by: touch.actor.user,
      actorClass: touch.actor.actorClass,
      auditID: touch.auditID,
      because,
      seq: touch.seq < this.oldestSeq ? null : touch.seq,
      ip: touch.actor.ip,
      useragent: touch.actor.useragent,
      asFrom: touch.actor.asFrom,
      code: touch.code,
    };
  }

  private wordsOf(life: Life, touch: Touch): string {
    let words = this.words.get(life);
    if (words === undefined) {
      words = new Map(stepsOf(life).map((step) => [`${step.touch.auditID} ${String(step.touch.timeUs)}`, step.what]));
      this.words.set(life, words);
    }
    return words.get(`${touch.auditID} ${String(touch.timeUs)}`) ?? (isFinalRemoval(touch) ? "removed" : touch.verb);
  }
}

function finalizersOf(life: Life): readonly string[] {
  return life.touches.findLast(({ facts }) => facts?.full === true)?.facts?.finalizers ?? [];
}
