import { weakest, type Explanation, type RemovalContext } from "./causes/contract.ts";
import { behindDeployer } from "./causes/deploying.ts";
import { behindOperator, type Behind } from "./causes/operators.ts";
import { CAUSES } from "./causes/registry.ts";
import type { WhyLink } from "./contract.ts";
import type { Families } from "./family.ts";
import { managerWords } from "./managers.ts";
import { isFinalRemoval, type Life } from "./lives.ts";
import type { ObjectStore } from "./object-store.ts";
import { openRemoval } from "./open-removal.ts";
import { earlierRequest, unreadRelease } from "./presence.ts";
import { rejection } from "./rejection.ts";
import { objectWords, stepsOf } from "./steps.ts";
import { deployedBy } from "./sources.ts";
import { stuckExplanation } from "./stuck.ts";
import { iso } from "./times.ts";
import type { Touch } from "./touch.ts";
import { unremoved } from "./unremoved.ts";

/** Owners of owners of owners…: longer chains are nobody's intention. */
const MAX_DEPTH = 16;
/** Operators that act for what other operators wrote. */
const MAX_OPERATORS = 4;
/** An operator that acts later than this after a change may act for another reason. */
const REACTION_US = 15 * 60 * 1_000_000;

/** One question: remembers what is being explained, so that owners that own each other end. */
export class Asking {
  private readonly families: Families;
  private readonly store: ObjectStore;
  private readonly oldestSeq: number;
  private readonly under = new Set<Life>();
  /** Resources of the links that are logged at Metadata level. */
  private readonly poor = new Set<string>();
  private readonly words = new Map<Life, Map<string, string>>();
  /** What each link made here is about. */
  private readonly linked = new Map<WhyLink, { readonly life: Life; readonly touch: Touch }>();

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
    return this.sourced(this.continued(this.own(life)));
  }

  private own(life: Life): Explanation {
    const link = (of: Life, touch: Touch, because: string): WhyLink => this.link(of, touch, because);
    const refused = rejection(life, this.families, this.store, link);
    if (refused !== null) return refused;
    const cause = life.removal === null ? null : this.explain(life);
    if (cause === null) {
      const explain = (other: Life): Explanation | null => this.explain(other);
      return unremoved(life, { families: this.families, store: this.store, explain, link });
    }
    const stuck = stuckExplanation(life, this.store, this.families, link);
    if (stuck === null) return cause;
    return { ...stuck, chain: [...stuck.chain, ...cause.chain], missing: [...stuck.missing, ...cause.missing] };
  }

  /** Goes on where the last of the chain acted for somebody else. */
  private continued(answer: Explanation): Explanation {
    const chain = [...answer.chain];
    const missing = [...answer.missing];
    let { confidence } = answer;
    for (let depth = 0; depth < MAX_OPERATORS; depth += 1) {
      const last = chain.at(-1);
      const of = last === undefined ? undefined : this.linked.get(last);
      const behind = of === undefined ? null : this.behind(of.life, of.touch);
      if (last === undefined || of === undefined || behind === null) break;
      chain[chain.length - 1] = this.relinked(last, behind.because);
      confidence = weakest(confidence, "likely");
      if (behind.touch === null) {
        const name = objectWords(behind.life);
        const told = managerWords(behind.life, of.touch.timeUs);
        missing.push(behind.missing ?? `who changed ${name} is not in this log`);
        if (told !== "" && behind.missing === undefined) missing.push(`${name}: ${told}`);
        break;
      }
      if (of.touch.timeUs - behind.touch.timeUs > REACTION_US) confidence = "guess";
      chain.push(this.link(behind.life, behind.touch, behind.words ?? ""));
    }
    return { ...answer, chain, missing, confidence };
  }

  private behind(life: Life, touch: Touch): Behind | null {
    const { families, store } = this;
    return behindDeployer(life, touch, families, store) ?? behindOperator(life, touch, families);
  }

  /** A tool that deploys does so for an object of its own: the end of the chain names it. */
  private sourced(answer: Explanation): Explanation {
    const last = answer.chain.at(-1);
    const of = last === undefined ? undefined : this.linked.get(last);
    if (last === undefined || of === undefined) return answer;
    const words = deployedBy(of.life, of.touch, this.families);
    return words === "" ? answer : { ...answer, chain: [...answer.chain.slice(0, -1), this.relinked(last, words)] };
  }

  private relinked(link: WhyLink, words: string): WhyLink {
    const again = { ...link, because: link.because === "" ? words : `${link.because}; ${words}` };
    const of = this.linked.get(link);
    if (of !== undefined) this.linked.set(again, of);
    return again;
  }

  private explain(life: Life): Explanation | null {
    const removal = life.removal ?? openRemoval(life);
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
    return answer === null ? null : this.doubted(answer, life, removal);
  }

  /** Another request may have asked for the removal before. */
  private doubted(answer: Explanation, life: Life, removal: Touch): Explanation {
    const doubts = [earlierRequest(life, removal, this.families), unreadRelease(life)].filter(
      (doubt) => doubt !== null,
    );
    if (doubts.length === 0) return answer;
    return { ...answer, confidence: weakest(answer.confidence, "likely"), missing: [...answer.missing, ...doubts] };
  }

  private link(life: Life, touch: Touch, because: string): WhyLink {
    if (touch.level === "Metadata") this.poor.add(life.record.resource);
    const made: WhyLink = {
      t: iso(touch.timeUs),
      object: objectWords(life),
      ...(life.isLatest && life.incarnation === 1 ? {} : { life: life.incarnation }),
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
    this.linked.set(made, { life, touch });
    return made;
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
