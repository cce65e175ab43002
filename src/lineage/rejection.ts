import { creationChain } from "./causes/creation.ts";
import type { Explanation } from "./causes/contract.ts";
import type { WhyLink } from "./contract.ts";
import type { Families } from "./family.ts";
import type { Life } from "./lives.ts";
import type { ObjectStore, UnnamedTouch } from "./object-store.ts";
import { Parents, refusedWords } from "./refused.ts";
import { objectWords } from "./steps.ts";
import { isOpen, type Touch } from "./touch.ts";

type Link = (life: Life, touch: Touch, because: string) => WhyLink;

/** Never created: every create was refused. Or a workload whose pods all were. null when neither is so. */
export function rejection(life: Life, families: Families, store: ObjectStore, link: Link): Explanation | null {
  if (life.real) return childrenRejected(life, families, store, link);
  const refused = life.touches.findLast(
    (touch) =>
      touch.verb === "create" &&
      touch.subresource === "" &&
      touch.event === null &&
      touch.code !== null &&
      touch.code >= 400 &&
      !touch.dryRun,
  );
  if (refused === undefined) return null;
  const chain = [link(life, refused, becauseOf(refused))];
  const owner = refused.facts?.owners?.find((entry) => entry.controller);
  const parent = owner === undefined ? null : families.withUid(owner.uid);
  if (parent !== null) chain.push(...creationChain(parent, { families, link }));
  const doubt = wasThereBefore(life, refused, families);
  return {
    verdict: "rejected",
    chain,
    confidence: doubt === null ? "certain" : "likely",
    missing: doubt === null ? [] : [doubt],
  };
}

/** Why it may have been stored, or there before, all the same; null where neither can be. */
function wasThereBefore(life: Life, refused: Touch, families: Families): string | null {
  if (isOpen(refused)) return `it was answered ${String(refused.code)}: that it was not stored is not proven`;
  const { namespace, missing } = life.record;
  if (missing !== null) return null;
  const space = namespace === "" ? undefined : families.livesOf("namespaces", "", namespace).at(-1);
  if (space === undefined || space.create === null) return "whether it was there before this log begins is not known";
  return families.lossIn(namespace);
}

function becauseOf(touch: Touch): string {
  if (touch.code === 504)
    return "the API server gave up waiting (a webhook or the client's own timeout); it was never stored";
  if (touch.code === 403 && touch.failure.includes("exceeded quota")) return "a ResourceQuota was used up";
  if (touch.code === 403 && / is forbidden: User /.test(touch.failure)) return "not authorized";
  if (touch.code === 403) return "an admission plugin or webhook refused it";
  if (touch.code === 409) return "the name was taken";
  return `the API server answered ${String(touch.code)}`;
}

/** The owner is there, but none of its children ever came to be. */
function childrenRejected(life: Life, families: Families, store: ObjectStore, link: Link): Explanation | null {
  if (life.removal !== null) return null;
  const parents = [
    life,
    ...families.childrenOf(life).filter((child) => child.record.resource !== "pods" && child.real),
  ];
  if (
    parents.some((parent) =>
      families.childrenOf(parent).some((child) => child.record.resource === "pods" && child.real),
    )
  ) {
    return null;
  }
  const among = new Parents(parents);
  const refused: UnnamedTouch | undefined = store
    .refusedIn(life.record.namespace)
    .findLast((touch) => among.of(touch) !== null);
  const found = refused === undefined ? null : among.of(refused);
  if (refused === undefined || found === null) return null;
  const { owner: parent, confidence } = found;
  return {
    verdict: "rejected",
    chain: [
      {
        ...link(parent, refused, becauseOf(refused)),
        what: refusedWords(refused),
        object: `a child of ${objectWords(parent)}`,
      },
      ...creationChain(parent, { families, link }),
    ],
    confidence,
    missing: [],
  };
}
