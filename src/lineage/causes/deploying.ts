import { BY_ITSELF, DEPLOYERS, type DeployFacts } from "../deployers.ts";
import type { Families } from "../family.ts";
import type { Life } from "../lives.ts";
import type { ObjectStore } from "../object-store.ts";
import { sourceOf, toolOf } from "../sources.ts";
import { objectWords } from "../steps.ts";
import { precedes, succeeded, type Touch } from "../touch.ts";
import type { Behind } from "./operators.ts";

/** A sync may go through waves and hooks, and prunes last. */
const SYNC_US = 15 * 60 * 1_000_000;

/**
 * A tool that deploys acts for an object of its own: Argo CD for an Application, Flux for a Kustomization or HelmRelease.
 * Whoever changed that, asked it to sync or to look again is the cause; with nobody in the time a sync takes, what it
 * deploys changed where it comes from. null: another program, or what it acts for is not marked.
 */
export function behindDeployer(life: Life, touch: Touch, families: Families, store: ObjectStore): Behind | null {
  if (touch.actor.actorClass === "human") return null;
  const source = sourceOf(life, touch.timeUs);
  const tool = toolOf(touch);
  if (tool === "" || !source.startsWith(`${tool} `)) return null;
  const deployer = deployerOf(source, touch, families, store);
  if (deployer === null) return null;
  const found = askedBefore(deployer, touch);
  const acts = `${touch.actor.user} acts for ${objectWords(deployer)}`;
  if (found !== null) return { life: deployer, touch: found.touch, because: acts, words: found.words };
  const revision = revisionBefore(deployer, touch);
  const words = `nobody changed ${objectWords(deployer)} in the ${String(SYNC_US / 60_000_000)} minutes before in this log: what it deploys${revision === "" ? "" : ` (revision ${revision})`} may have changed in its source`;
  return { life: deployer, touch: null, because: acts, missing: words };
}

/** Of several with the name, the one where the tool runs; null where that does not tell them apart. */
function deployerOf(source: string, { timeUs, actor }: Touch, families: Families, store: ObjectStore): Life | null {
  for (const [resource, { source: begins }] of DEPLOYERS) {
    if (!source.startsWith(begins)) continue;
    const words = source.slice(begins.length);
    // Argo CD writes `namespace_name` for Applications outside its own namespace; `_` is in no name.
    const [name = "", namespace] = words.split(/[/_]/).toReversed();
    if (namespace === undefined) store.reading.wants({ of: "anywhere", name });
    const spaces = namespace === undefined ? [...store.namespaces()] : [namespace];
    const lives = spaces.flatMap((space) =>
      families.livesOf(resource, space, name).filter((life) => life.firstUs <= timeUs && life.real),
    );
    const own = lives.filter(({ record }) => actor.user.includes(`:${record.namespace}:`));
    const of = own.length > 0 ? own : lives;
    return new Set(of.map(({ record }) => record.namespace)).size === 1 ? (of.at(-1) ?? null) : null;
  }
  return null;
}

interface Asked {
  readonly touch: Touch;
  readonly words: string;
}

/** The last change of it, or request to sync, that the tool may have acted for; else the last request to look again. */
function askedBefore(deployer: Life, act: Touch): Asked | null {
  const { removal } = deployer;
  if (removal !== null && act.verb === "delete" && precedes(removal, act)) return { touch: removal, words: "" };
  let change: Asked | null = null;
  let look: Asked | null = null;
  let known: DeployFacts | null = null;
  let synced: string | null = null;
  for (const touch of deployer.touches) {
    if (!precedes(touch, act)) break;
    if (touch.event !== null || !succeeded(touch) || !isWrite(touch)) continue;
    const now = touch.facts?.deploys;
    if (act.timeUs - touch.timeUs <= SYNC_US) {
      if (now === undefined) {
        // Without bodies every write of others may have changed it.
        if (touch.actor.user !== act.actor.user) change = { touch, words: "" };
      } else if (asksForSync(now, known)) {
        change = { touch, words: `a sync was asked for, for Argo CD's user ${now.sync ?? ""}` };
      } else if (changesSpec(touch, now, known, act)) change = { touch, words: "" };
      else if (now.look !== "" && (now.patched?.includes("look") ?? now.look !== known?.look))
        look = { touch, words: "it was asked to look again" };
    }
    if (now === undefined) continue;
    synced = now.synced ?? synced;
    known = now.spec === "" ? null : now;
  }
  // The sync at work was begun by the tool itself: nobody's wish to sync led to it, but a change may have.
  if (synced === BY_ITSELF && change !== null && change.words !== "") change = null;
  return change ?? look;
}

function asksForSync({ sync, patched }: DeployFacts, known: DeployFacts | null): boolean {
  if (sync === null || sync === BY_ITSELF) return false;
  return patched === null ? (known?.sync ?? null) === null : patched.includes("sync");
}

/** `known`: as it was before, where the log has that. */
function changesSpec({ verb, actor }: Touch, now: DeployFacts, known: DeployFacts | null, act: Touch): boolean {
  if (verb === "create") return true;
  if (now.patched?.includes("spec") === false) return false;
  if (known !== null && now.spec !== "") return now.spec !== known.spec;
  return now.patched !== null || actor.user !== act.actor.user;
}

function isWrite({ verb, subresource }: Touch): boolean {
  return subresource === "" && (verb === "create" || verb === "update" || verb === "patch");
}

function revisionBefore(deployer: Life, act: Touch): string {
  const told = deployer.touches.findLast(
    (touch) => precedes(touch, act) && (touch.facts?.deploys?.revision ?? "") !== "",
  );
  return told?.facts?.deploys?.revision ?? "";
}
