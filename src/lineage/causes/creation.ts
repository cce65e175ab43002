import type { WhyLink } from "../contract.ts";
import type { Life } from "../lives.ts";
import { objectWords } from "../steps.ts";
import type { RemovalContext } from "./contract.ts";

const MAX_OWNERS = 8;

/** Why an object is there: its create, its owner's create… up to somebody who is no controller of it. */
export function creationChain(life: Life, { families, link }: Pick<RemovalContext, "families" | "link">): WhyLink[] {
  const chain: WhyLink[] = [];
  let current: Life | null = life;
  while (current !== null && chain.length < MAX_OWNERS) {
    const create: Life["create"] = current.create;
    const owner: Life | null = families.ownerOf(current)?.owner ?? null;
    const made: boolean = create !== null && create.actor.controller !== "" && owner !== null;
    if (create !== null) {
      chain.push(link(current, create, made && owner !== null ? `it belongs to ${objectWords(owner)}` : ""));
    }
    current = create === null || made ? owner : null;
  }
  return chain;
}
