import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { shownAddress, storeAddress, type StoreAddress } from "../../clickhouse/address.ts";
import type { Client } from "../../clickhouse/client.ts";
import { ShipFailure } from "../../clickhouse/ship/contract.ts";
import { Counters } from "../../clickhouse/ship/counters.ts";
import { Journal } from "../../clickhouse/ship/journal.ts";
import { LaneClaim } from "../../clickhouse/ship/lane-claim.ts";
import { RequestMemory } from "../../clickhouse/ship/request-memory.ts";
import { Sender } from "../../clickhouse/ship/sender.ts";
import { Shipper } from "../../clickhouse/ship/shipper.ts";
import { TABLE_VERSION } from "../../clickhouse/table/definition.ts";
import { tableState } from "../../clickhouse/table/table-state.ts";
import { stateFolder } from "../../config/config-file.ts";
import { OriginalFeed } from "../../engine/original-feed.ts";
import { RecentIds } from "../../engine/recent-ids.ts";
import { writeErrorReason } from "../../files/write-error.ts";
import { AuditIdHasher } from "../../index/audit-id.ts";
import { KtrailError } from "../../errors.ts";
import { byteSize, count, counted } from "../../models/numbers.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { JobContext } from "../contract.ts";
import { listenSettings } from "../engine-inputs.ts";
import { EXIT_UNREADABLE, losses, refusals } from "../inputs.ts";
import { note, skippedNotes } from "../notes.ts";
import type { Answer } from "../output.ts";
import { fields } from "../output.ts";
import { showShipProgress } from "../progress.ts";
import { WRITERS } from "../writers/registry.ts";
import { serveMetrics } from "./metrics.ts";
import { credentialsOf, isUnreachable, openStore, type OpenStore, unusable } from "./open-store.ts";

export async function runShip(context: JobContext): Promise<number> {
  const { invocation, sink, style, stop } = context;
  const { options, inputs } = invocation;
  const address = storeAddress(options.to ?? "");
  const listen = options.listen === undefined ? null : listenSettings({ inputs: [options.listen], options });
  const isLasting = options.follow || listen !== null;
  const counters = new Counters();
  const ended = new AbortController();
  const startedMs = Date.now();
  let journal: Journal | null = null;
  let store: ReachedStore | null = null;
  let failure: unknown = null;
  const fail = (error: unknown): void => {
    failure ??= error;
    ended.abort();
  };
  stop.addEventListener("abort", () => ended.abort(), { once: true });
  try {
    journal = openJournal(address, options.journal);
    const waitMs = isLasting ? Number.POSITIVE_INFINITY : WAIT_MS;
    store = await reachStore(address, options.passwordFile, journal, waitMs, stop);
    const { client, claim, requests } = store;
    const sender = new Sender(client, address, { counters, note, signal: ended.signal });
    const shipper = new Shipper({
      cluster: address.cluster,
      journal,
      counters,
      send: (batch) => sender.send(batch),
      nowMs: claim.nowMs,
      requests,
      onFailure: fail,
    });
    // A reader may wait for a store that is down: what it has brought is journalled, and it goes on to its end.
    stop.addEventListener("abort", () => shipper.stop(), { once: true });
    if (journal.left.length > 0)
      note(`${counted(journal.left.length, "batch", "batches")} of an earlier run may not be in the store: sent again`);
    const feed = feedOf(context, journal, shipper, listen, ended.signal);
    const metrics =
      options.metrics === undefined ? null : await serveMetrics(options.metrics, () => metricsText(feed, counters));
    const progress = showShipProgress(style.ascii, options.loFi, () => ({
      share: feed.share,
      events: counters.get("events"),
      pending: counters.pendingEvents,
    }));
    try {
      await Promise.race([feed.run(), failed(ended.signal, stop)]);
      if (failure === null && !stop.aborted) await shipper.finish();
      else shipper.stop();
    } finally {
      progress.hide();
      await metrics?.close();
    }
    if (failure !== null) throw failure;
    const reports = feed.reports();
    const answer = shipAnswer(counters, address, feed, (Date.now() - startedMs) / 1_000);
    await WRITERS[options.output ?? "table"].write(answer, sink, style);
    const told = [...refusals(reports, invocation), ...losses(reports)];
    for (const sentence of told) note(sentence);
    for (const text of skippedNotes(reports)) note(text);
    if (stop.aborted && counters.pendingBatches > 0)
      note(`${counted(counters.pendingBatches, "batch", "batches")} wait in the journal: the next run sends them`);
    return told.length > 0 && inputs.length > 0 ? EXIT_UNREADABLE : 0;
  } catch (error) {
    if (error instanceof KtrailError) throw error;
    if (error instanceof ShipFailure) throw new KtrailError("KT203", error.message);
    if (error instanceof Error && "code" in error && DISK.has(String(error.code)))
      throw new KtrailError("KT203", `the journal was not written: ${writeErrorReason(error)}`);
    throw unusable(address, error);
  } finally {
    ended.abort();
    journal?.close();
    await store?.close();
  }
}

/** Why files cannot be written. */
const DISK: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "ENOENT", "ENOTDIR"]);

/** How long a store that is down is waited for by what is to end. */
const WAIT_MS = 30_000;
const TRY_MS = 1_000;

interface ReachedStore extends OpenStore {
  readonly claim: LaneClaim;
  readonly requests: RequestMemory;
}

/** Opens the store and learns all that is asked of it before anything is read; a server that does not answer is asked again. */
async function reachStore(
  address: StoreAddress,
  passwordFile: string | undefined,
  journal: Journal,
  mostMs: number,
  stop: AbortSignal,
): Promise<ReachedStore> {
  const credentials = credentialsOf(address, passwordFile);
  const untilMs = Date.now() + mostMs;
  for (let tries = 0; ; tries++) {
    let open: OpenStore | null = null;
    try {
      open = await openStore(address, credentials);
      return await prepared(open, address, journal);
    } catch (error) {
      await open?.close();
      const told = error instanceof KtrailError || error instanceof ShipFailure ? error : unusable(address, error);
      if (!isUnreachable(told) || Date.now() > untilMs || stop.aborted) throw told;
      if (tries === 0) note(`${told.message}: it is tried again`);
      await sleep(TRY_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

async function prepared({ client, close }: OpenStore, address: StoreAddress, journal: Journal): Promise<ReachedStore> {
  await requireTable(client, address);
  const claim = await LaneClaim.take(client, address, journal, note);
  const requests = new RequestMemory(endsFirst(journal.seed));
  const release = (): Promise<void> => {
    claim.close();
    return close();
  };
  try {
    await requests.recall(client, address, claim.nowMs());
  } catch (error) {
    claim.close();
    throw error;
  }
  return { client, claim, requests, close: release };
}

/** Resolves when shipping has failed; a follow that the user ends is ended by its feed. */
function failed(ended: AbortSignal, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    ended.addEventListener("abort", () => (stop.aborted ? undefined : resolve()), { once: true });
  });
}

/** Throws KT203 where there is no table that can be written to. */
async function requireTable(client: Client, address: StoreAddress): Promise<void> {
  const { version } = await tableState(client, address);
  if (version === TABLE_VERSION) return;
  const name = shownAddress(address);
  if (version === null)
    throw new KtrailError("KT203", `${name}: there is no table of ktrail's; ktrail store init '${name}' makes it`);
  const mend =
    version < TABLE_VERSION ? `ktrail store init '${name}' brings it up to date` : `this ktrail knows ${TABLE_VERSION}`;
  throw new KtrailError("KT203", `${name}: the table is of version ${version}; ${mend}`);
}

function openJournal(address: StoreAddress, asked: string | undefined): Journal {
  const store = shownAddress(address);
  const state = stateFolder(process.env);
  if (asked === undefined && state === null)
    throw new KtrailError("KT100", "there is no HOME for a journal of what is shipped: --journal DIR");
  const name = createHash("sha256").update(store).digest("hex").slice(0, 16);
  return new Journal(asked ?? join(state ?? "", "ship", name), store);
}

/** Whether a request ends for the first time, as far back as a million requests go. */
function endsFirst(seed: readonly [number, number]): (request: string) => boolean {
  const ids = new AuditIdHasher(seed);
  const ended = new RecentIds();
  return (request) => {
    ids.hashText(request);
    return ended.add(ids.low, ids.high);
  };
}

function feedOf(
  { invocation }: JobContext,
  journal: Journal,
  shipper: Shipper,
  listen: ReturnType<typeof listenSettings> | null,
  signal: AbortSignal,
): OriginalFeed {
  const { options, inputs } = invocation;
  const seen = new RecentIds();
  for (const [low, high] of journal.seenHashes()) seen.add(low, high);
  return new OriginalFeed({
    inputs,
    commands: options.exec,
    listen,
    follow: options.follow,
    format: options.format,
    signal,
    hooks: {
      seed: journal.seed,
      isNew: (low, high) => {
        if (!seen.add(low, high)) return false;
        shipper.hash(low, high);
        return true;
      },
      before: (source) => {
        const known = journal.before(source);
        if (known?.rewritten === true) note(`${source.path} was written anew since: it is shipped from its start`);
        return known;
      },
      readOnFrom: (path) => journal.readOnFrom(path),
      see: (original, place, source) => shipper.see(original, place, source),
      passed: (source, point, isWhole) => shipper.passed(source, { point, isWhole }),
      kept: (source, point) => shipper.kept(source, { point, isWhole: false }),
      note,
    },
  });
}

function metricsText(feed: OriginalFeed, counters: Counters): string {
  countInputs(feed, counters);
  return counters.text(Date.now());
}

function countInputs(feed: OriginalFeed, counters: Counters): void {
  const sum = (of: (skipped: ReturnType<OriginalFeed["reports"]>[number]["skipped"]) => number): number =>
    feed.reports().reduce((total, { skipped }) => total + of(skipped), 0);
  counters.set(
    "duplicates",
    sum(({ duplicate }) => duplicate),
  );
  counters.set(
    "skipped",
    sum(({ bad, foreign, fragment, truncated }) => bad + foreign + fragment + truncated),
  );
}

function shipAnswer(counters: Counters, address: StoreAddress, feed: OriginalFeed, seconds: number): Answer {
  countInputs(feed, counters);
  const events = counters.get("events");
  const record = {
    store: shownAddress(address),
    events,
    bytes: counters.get("bytes"),
    batches: counters.get("batches"),
    sentBytes: counters.get("sent_bytes"),
    duplicates: counters.get("duplicates"),
    skipped: counters.get("skipped"),
    retries: counters.get("retries"),
    pending: counters.pendingEvents,
    seconds: Math.round(seconds * 10) / 10,
    eventsPerSecond: Math.round(events / Math.max(0.1, seconds)),
  };
  return {
    document: record,
    data: {
      columns: [
        numeric("events", "shipped"),
        numeric("bytes", "bytes"),
        numeric("batches", "batches"),
        numeric("sent", "sent"),
        numeric("duplicates", "duplicates"),
        numeric("skipped", "skipped"),
        numeric("rate", "events/s"),
        column("store", "to", { grow: 1 }),
      ],
      fields: fields(...Object.keys(record)),
      batches: [
        [
          {
            record,
            cells: () => [
              countCell(events),
              textCell(byteSize(record.bytes)),
              countCell(record.batches),
              textCell(byteSize(record.sentBytes)),
              countCell(record.duplicates),
              countCell(record.skipped, record.skipped > 0 ? "warn" : undefined),
              textCell(count(record.eventsPerSecond)),
              textCell(record.store),
            ],
          },
        ],
      ],
    },
  };
}
