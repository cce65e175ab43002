import { type EventFacts, eventFacts } from "../../events/event-facts.ts";
import { type JsonObject, objectOf } from "../../events/json-values.ts";
import { LEVELS, STAGES } from "../../events/vocabulary.ts";
import { momentOf } from "../../ingest/scanner/parsed-event.ts";
import type { CutOriginal } from "./original.ts";
import { type ObjectFacts, objectFacts } from "./object-facts.ts";

/** Where an event was read, and what the input says beside it. */
export interface EventPlace {
  readonly cluster: string;
  /** As RequestFacts.apiserver. */
  readonly apiserver: string;
  /** Path or title of the input. */
  readonly input: string;
  /** In the decompressed input. */
  readonly offset: number;
  readonly bytes: number;
  /** Order of arrival: see the column. */
  readonly seq: number;
  /** When the batch was begun, s since the epoch. */
  readonly shippedS: number;
}

/** One event on its way into the table: what columns take their values from. */
export interface ShippedEvent {
  readonly place: EventPlace;
  readonly facts: EventFacts;
  readonly object: ObjectFacts;
  readonly original: CutOriginal;
  readonly stage: string;
  readonly level: string;
  /** Position in STAGES, or UNKNOWN_STAGE. */
  readonly stageAt: number;
  /** µs since the epoch; NaN without. */
  readonly receivedUs: number;
  readonly stageUs: number;
  /** No later stage of the request is to come. */
  readonly hasEnded: boolean;
  /** This row alone stands for the request. */
  readonly isFinal: boolean;
  /** Order of arrival of the request's first event, as far as the shipper knows of one. */
  readonly firstSeq: number;
}

const COMPLETE = STAGES.indexOf("ResponseComplete");
const STARTED = STAGES.indexOf("ResponseStarted");

/** `event`: parsed JSON. `isKnown` is told whether the request has ended, and says whether this is its first event that does. */
export function shippedEvent(
  event: JsonObject,
  original: CutOriginal,
  place: EventPlace,
  isKnown: (hasEnded: boolean, receivedUs: number) => Pick<ShippedEvent, "isFinal" | "firstSeq">,
): ShippedEvent {
  const facts = eventFacts(event);
  const { stage: stageAt, receivedUs, stageUs } = momentOf(event);
  // A failed authentication is logged at ResponseStarted only, with an empty user.
  const hasEnded = stageAt >= COMPLETE || (stageAt === STARTED && facts.user === "");
  return {
    place,
    facts,
    object: objectFacts(facts, objectOf(event["responseStatus"])),
    original,
    stage: STAGES[stageAt] ?? "",
    level: LEVELS.find((level) => level === event["level"]) ?? "",
    stageAt,
    receivedUs,
    stageUs,
    hasEnded,
    ...isKnown(hasEnded, receivedUs),
  };
}
