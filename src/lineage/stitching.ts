import { endAtOnce, type Life, SKEW_US } from "./lives.ts";
import type { NamingRule } from "./naming.ts";
import type { UnnamedTouch } from "./object-store.ts";
import { answeredUs, succeeded } from "./touch.ts";

/** A pod is bound, patched or reported on soon after its create; later than this it is not taken for the same. */
const MAX_DELAY_US = 10 * 60 * 1_000_000;

type Candidates = (life: Life) => readonly { readonly owner: Life; readonly rule: NamingRule }[];

/**
 * A create with generateName has no name without its response body. Gives such creates to the lives that turned up
 * afterwards without one, by creator, prefix and time: the first still free one by the controller that names its
 * children so, else the one the request's generateName fits. `stampUs`: how much creationTimestamps may be off.
 */
export function stitchCreates(
  lives: readonly Life[],
  unnamed: (resource: string) => readonly UnnamedTouch[],
  candidates: Candidates,
  stampUs: number,
): void {
  const waiting = new Map<string, Life[]>();
  for (const life of lives) {
    if (life.create !== null) continue;
    const { resource } = life.record;
    const known = waiting.get(resource);
    if (known === undefined) waiting.set(resource, [life]);
    else known.push(life);
  }
  for (const [resource, orphans] of waiting) {
    const creates = unnamed(resource).filter((touch) => touch.verb === "create" && succeeded(touch));
    if (creates.length === 0) continue;
    orphans.sort((left, right) => left.firstUs - right.firstUs);
    // Those whose second of creation is known first: they fit fewer creates.
    const isDated = (life: Life): boolean => life.bodyCreatedUs !== null;
    const free = new Set(creates);
    stitch(orphans.filter(isDated), free, candidates, stampUs);
    stitch(
      orphans.filter((life) => !isDated(life)),
      free,
      candidates,
      stampUs,
    );
  }
}

/** Takes what fits out of `free`. */
function stitch(orphans: readonly Life[], free: Set<UnnamedTouch>, candidates: Candidates, stampUs: number): void {
  for (const life of orphans) {
    const owners = candidates(life).map(({ owner, rule }) => ({
      controller: rule.controller,
      sinceUs: (owner.createdUs ?? Number.NEGATIVE_INFINITY) - SKEW_US,
    }));
    for (const create of free) {
      if (create.timeUs > life.firstUs + SKEW_US) break;
      if (life.bodyCreatedUs === null && life.firstUs - create.timeUs > MAX_DELAY_US) {
        free.delete(create);
        continue;
      }
      if (!isThen(create, life, SKEW_US + stampUs) || !fits(create, life, owners)) continue;
      life.create = create;
      life.stitched = true;
      endAtOnce(life);
      free.delete(create);
      break;
    }
  }
}

/** A creationTimestamp is the whole second in which the create was worked on, give or take what clocks are off. */
function isThen(create: UnnamedTouch, { bodyCreatedUs }: Life, offUs: number): boolean {
  if (bodyCreatedUs === null) return true;
  return answeredUs(create) >= bodyCreatedUs - offUs && create.timeUs <= bodyCreatedUs + 1_000_000 + offUs;
}

interface Creator {
  readonly controller: string;
  readonly sinceUs: number;
}

function fits(create: UnnamedTouch, life: Life, owners: readonly Creator[]): boolean {
  const prefix = create.facts?.generateName;
  if (prefix !== undefined) {
    const { name } = life.record;
    return name.length > 5 && name.slice(0, -5) === prefix.slice(0, 58);
  }
  return owners.some(({ controller, sinceUs }) => controller === create.actor.controller && create.timeUs >= sinceUs);
}
