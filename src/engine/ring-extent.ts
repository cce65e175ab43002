import type { RequestRing } from "../index/ring.ts";
import { controllerOf } from "../lineage/actors.ts";
import { hearFrom, hearUntil, type LogExtent, nothingHeard } from "../lineage/log-extent.ts";

/** What the log in the ring covers, from the first request ever kept on. Every row is looked at once. */
export class RingExtent {
  private readonly ring: RequestRing;
  private readonly extent = nothingHeard();
  private nextSeq = 0;
  private generation = -1;
  /** By actor: the controller's name, "" for others. */
  private controllers: (string | undefined)[] = [];

  constructor(ring: RequestRing) {
    this.ring = ring;
  }

  current(): LogExtent {
    const { ring, extent } = this;
    if (ring.generation !== this.generation) this.controllers = [];
    this.generation = ring.generation;
    for (const block of ring.blocks) {
      for (let row = Math.max(0, this.nextSeq - block.firstSeq); row < block.count; row += 1) {
        const stageUs = block.stageUs(row);
        hearUntil(extent, Number.isNaN(stageUs) ? block.receivedUs(row) : stageUs);
        if (extent.hasCollector && extent.hasControllers) continue;
        const controller = this.controllerOf(block.actor[row] as number);
        if (controller !== "") hearFrom(extent, this.verbOf(block.outcome[row] as number), controller);
      }
    }
    this.nextSeq = ring.endSeq;
    // A request that was completed in place is not looked at again.
    hearUntil(extent, ring.counters.toUs);
    return extent;
  }

  /** Rows before the first came in. */
  forget(): void {
    Object.assign(this.extent, nothingHeard());
    this.nextSeq = 0;
  }

  private controllerOf(actor: number): string {
    const known = this.controllers[actor];
    if (known !== undefined) return known;
    const { actors, dictionaries } = this.ring;
    const user = dictionaries.user.text(actors.user[actor] as number);
    const name = controllerOf(user, dictionaries.useragent.text(actors.useragent[actor] as number));
    while (this.controllers.length < actor) this.controllers.push(undefined);
    this.controllers[actor] = name;
    return name;
  }

  private verbOf(outcome: number): string {
    const { outcomes, dictionaries } = this.ring;
    return dictionaries.verb.text(outcomes.verb[outcome] as number);
  }
}
