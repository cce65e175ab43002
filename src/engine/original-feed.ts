import type { FileGeneration, FileInput, ResolvedInput } from "../bytes/contract.ts";
import { directoriesAmong, watchDirectories } from "../bytes/directory-watch.ts";
import { fileSource } from "../bytes/file-source.ts";
import { followSource } from "../bytes/follow-source.ts";
import { holdsGeneration, openFile, type OpenFile } from "../bytes/generation.ts";
import { resolveInputs } from "../bytes/inputs.ts";
import { locate, openGeneration } from "../bytes/locate.ts";
import { readError } from "../bytes/read-error.ts";
import { isKtrailError } from "../errors.ts";
import { AuditIdHasher } from "../index/audit-id.ts";
import type { InputReport, ResumePoint } from "../ingest/contract.ts";
import type { ListenSettings } from "../listen/contract.ts";
import { chooseFollowed } from "./choose-followed.ts";
import { InputTally } from "./input-tally.ts";
import { LOG_CONTENT } from "./log-content.ts";
import { type FedSource, type FeedHooks, Reading } from "./feed-reading.ts";
import { refusalOf } from "./record-intake.ts";
import { commandsOf, pipesOf, type Stream } from "./streams.ts";

export interface FeedOptions {
  readonly inputs: readonly string[];
  readonly commands: readonly string[];
  readonly listen: ListenSettings | null;
  readonly follow: boolean;
  readonly format: string;
  readonly signal: AbortSignal;
  readonly hooks: FeedHooks;
}

/**
 * Every event of the inputs once, as it was written, from where an earlier feed of the same files ended. Files are read one after
 * the other; followed ones, streams and senders side by side, as they come.
 */
export class OriginalFeed {
  private readonly options: FeedOptions;
  private readonly ids: AuditIdHasher;
  private readonly tallies = new Map<string, InputTally>();

  constructor(options: FeedOptions) {
    this.options = options;
    this.ids = new AuditIdHasher(options.hooks.seed);
  }

  reports(): readonly InputReport[] {
    return [...this.tallies.values()].map((tally) => tally.report());
  }

  /** 0…1; null while the size of what is to be read is unknown. */
  get share(): number | null {
    let [bytes, total] = [0, 0];
    for (const tally of this.tallies.values()) {
      if (tally.totalBytes === null) return null;
      bytes += tally.state === "done" ? tally.totalBytes : Math.min(tally.bytes, tally.totalBytes);
      total += tally.totalBytes;
    }
    return total === 0 ? null : bytes / total;
  }

  /** Resolves when all is read; of what is followed or listened to, when the signal fires. */
  async run(): Promise<void> {
    const { inputs, follow, listen, signal } = this.options;
    const listening = listen === null ? null : await this.listen(listen);
    const resolved = await resolveInputs(inputs, { sniff: refusalOf, follow, content: LOG_CONTENT });
    for (const { path, reason } of resolved.passedOver) this.tally(path).passedOver = reason;
    for (const { path, error } of resolved.failures) this.tally(path).error = error.message;
    const commands = commandsOf(
      { commands: this.options.commands, follow, capacity: Number.POSITIVE_INFINITY },
      this.options.hooks.note,
    );
    if (!follow) {
      await this.readAll(resolved.inputs, commands);
    } else {
      const { followed, others, note } = chooseFollowed(resolved.inputs);
      if (note !== null) this.options.hooks.note(note);
      await Promise.all([
        ...followed.map(({ input, path }) => this.follow(input, path)),
        this.readAll(others, commands),
        this.watch(resolved.inputs, signal),
      ]);
    }
    await listening?.closed;
  }

  private tally(path: string): InputTally {
    let tally = this.tallies.get(path);
    if (tally === undefined) this.tallies.set(path, (tally = new InputTally(path)));
    return tally;
  }

  private async readAll(inputs: readonly ResolvedInput[], commands: readonly Stream[]): Promise<void> {
    for (const input of inputs)
      if (input.kind === "files") for (const { path, bytes } of input.files) this.tally(path).totalBytes = bytes;
    const streams = [...pipesOf(inputs), ...commands].map((stream) => this.readStream(stream));
    await Promise.all([this.readFiles(inputs), ...streams]);
  }

  private async readFiles(inputs: readonly ResolvedInput[]): Promise<void> {
    for (const input of inputs) {
      if (input.kind !== "files") continue;
      for (const { path } of input.files) {
        if (this.options.signal.aborted) return;
        await this.readFile(path, input.apiserver, () => openFile(path));
      }
    }
  }

  /** A file from where it was left to its end. What can't be read is told in the tally. */
  private async readFile(path: string, apiserver: string, opener: () => Promise<OpenFile>): Promise<void> {
    const { hooks, signal } = this.options;
    const tally = this.tally(path);
    tally.state = "reading";
    let file: OpenFile;
    try {
      file = await opener();
    } catch (error) {
      tally.error = (await readError(path, error)).message;
      tally.state = "done";
      return;
    }
    const { generation, bytes, compression } = file;
    const source: FedSource = { path, generation, bytes, isPacked: compression !== "none" };
    const known = hooks.before(source);
    if (known !== null) tally.format = known.point.format;
    if (known?.isWhole === true) {
      await file.handle.close();
      tally.compression = compression;
      tally.state = "done";
      return;
    }
    const reading = new Reading(this.options, this.ids, tally, source, apiserver, known?.point);
    const from = known?.point.from ?? 0;
    const chunks = fileSource(path, { opener: () => Promise.resolve(file), ...(from === 0 ? {} : { from }) });
    try {
      for await (const chunk of chunks.chunks(signal)) {
        tally.compression = chunks.compression;
        tally.bytes = source.isPacked ? chunks.bytesRead : from + chunks.bytesRead;
        reading.push(chunk);
        await hooks.passed(source, reading.point, false);
        if (reading.refused !== null) break;
      }
      if (signal.aborted) return;
      reading.end();
      if (reading.refused !== null) tally.error = `${path} ${reading.refused}`;
      else if (chunks.fault !== null) tally.error = chunks.fault;
      // What is packed does not grow.
      await hooks.passed(source, reading.point, source.isPacked && chunks.fault === null);
    } catch (error) {
      if (!isKtrailError(error)) throw error;
      tally.error = error.message;
    }
    tally.state = "done";
  }

  private async readStream({ source, apiserver }: Stream): Promise<void> {
    const { hooks, signal } = this.options;
    const tally = this.tally(source.path);
    tally.state = "following";
    const fed: FedSource = { path: source.path, generation: null, bytes: 0, isPacked: false };
    const reading = new Reading(this.options, this.ids, tally, fed, apiserver);
    try {
      for await (const chunk of source.chunks(signal)) {
        tally.compression = source.compression;
        tally.bytes = source.bytesRead;
        tally.heard();
        reading.push(chunk);
        await hooks.passed(fed, reading.point, false);
        if (reading.refused !== null) break;
      }
      reading.end();
      if (reading.refused !== null) tally.error = `${source.path} ${reading.refused}`;
      else if (source.fault !== null) tally.error = source.fault;
      await hooks.passed(fed, reading.point, false);
    } catch (error) {
      if (!isKtrailError(error)) throw error;
      tally.error = error.message;
    }
    tally.state = "done";
  }

  /** Senders are answered when what they sent is safe; resolves, once it listens, with a promise of the end. */
  private async listen(settings: ListenSettings): Promise<{ readonly closed: Promise<void> }> {
    const { hooks, signal } = this.options;
    const { host, port } = settings.address;
    const title = `listen ${host}:${port}`;
    const readings = new Map<string, Reading>();
    const { Listener } = await import("../listen/listener.ts");
    const listener = new Listener(settings, {
      note: hooks.note,
      take: async ({ sender, lines }) => {
        let reading = readings.get(sender);
        if (reading === undefined) {
          const path = sender === "" ? title : `${title}/${sender}`;
          const source: FedSource = { path, generation: null, bytes: 0, isPacked: false };
          reading = new Reading({ ...this.options, format: "jsonl" }, this.ids, this.tally(path), source, sender);
          readings.set(sender, reading);
        }
        reading.tally.state = "following";
        reading.tally.heard();
        reading.tally.bytes += lines.length;
        reading.push(lines);
        await hooks.kept(reading.source, reading.point);
      },
    });
    hooks.note(`listening on ${await listener.start()}`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const close = (): void => void listener.close().then(resolve, reject);
    if (signal.aborted) close();
    else signal.addEventListener("abort", close, { once: true });
    return { closed: promise };
  }

  /** What was rotated away since it was read, then the live file, for ever. */
  private async follow(input: FileInput, path: string): Promise<void> {
    const { hooks, signal } = this.options;
    let before = await generationAt(path);
    await this.catchUp(input, path);
    const tally = this.tally(path);
    let reading: Reading | null = null;
    let start: ResumePoint | undefined;
    const source = followSource(path, {
      start: async () => {
        start = undefined;
        const file = await openFile(path).catch(() => null);
        if (file === null) return 0;
        const { generation, bytes, compression } = file;
        await file.handle.close();
        start = hooks.before({ path, generation, bytes, isPacked: compression !== "none" })?.point;
        return start?.from ?? 0;
      },
    });
    for await (const event of source.events(signal)) {
      switch (event.kind) {
        case "opened": {
          // Rotated away while what lies behind it was read.
          if (before !== null && !holdsGeneration(event.generation, before))
            await this.readBehind(input, path, before, false);
          before = null;
          const fed = { path, generation: event.generation, bytes: 0, isPacked: event.compression !== "none" };
          const at = start?.from === event.offset ? start : { from: event.offset, skip: 0, format: "" };
          start = undefined;
          reading = new Reading(this.options, this.ids, tally, fed, input.apiserver, at);
          tally.compression = event.compression;
          tally.state = "following";
          tally.error = null;
          tally.heard();
          break;
        }
        case "chunk":
          tally.state = "following";
          tally.heard();
          tally.bytes += event.bytes.length;
          if (reading === null) break;
          reading.push(event.bytes);
          await hooks.passed(reading.source, reading.point, false);
          break;
        case "complete":
          if (reading === null) break;
          reading.end();
          await hooks.passed(reading.source, reading.point, true);
          break;
        case "lost":
          tally.lose(event.sentence);
          break;
        case "waiting":
          tally.state = "waiting";
          tally.waitingFor = event.reason;
          break;
        case "caughtUp":
          tally.error = reading === null || reading.doubt === null ? null : `${path} ${reading.doubt}`;
          break;
        default:
          event satisfies never;
      }
    }
  }

  /** Reads on what was being read when the last feed ended, and all that was rotated away behind it; at first, all of the set. */
  private async catchUp(input: FileInput, path: string): Promise<void> {
    const last = this.options.hooks.readOnFrom(path);
    if (last !== null) return this.readBehind(input, path, last, last.isWhole);
    for (const file of input.files)
      if (file.path !== path) await this.readFile(file.path, input.apiserver, () => openFile(file.path));
  }

  /** Reads what is left of a file that was in this path's place, and all that came between it and the one that is there. */
  private async readBehind(input: FileInput, path: string, last: FileGeneration, isWhole: boolean): Promise<void> {
    const { hooks } = this.options;
    const { members, at } = await locate(path, last);
    if (at < 0 && !isWhole) {
      const file = await openGeneration(last);
      if (file === null)
        hooks.note(`${path}: what was written to it before it was rotated is gone, as far as it was not shipped`);
      else await this.readFile(file.path, input.apiserver, () => Promise.resolve(file));
    }
    for (const member of members.slice(Math.max(0, at)))
      if (member.path !== path) await this.readFile(member.path, input.apiserver, () => openFile(member.path));
  }

  /** Logs that appear in followed directories join, read from their start. */
  private async watch(inputs: readonly ResolvedInput[], signal: AbortSignal): Promise<void> {
    const directories = await directoriesAmong(this.options.inputs);
    if (directories.length === 0) return;
    const joined: Promise<void>[] = [];
    await watchDirectories(directories, inputs, {
      signal,
      resolve: async () => (await resolveInputs(directories, { sniff: refusalOf, follow: true })).inputs,
      onJoined: (input) => {
        joined.push(input.live === null ? this.readAll([input], []) : this.follow(input, input.live));
      },
    });
    await Promise.all(joined);
  }
}

/** Of the file that is there; null where none can be read. */
async function generationAt(path: string): Promise<FileGeneration | null> {
  const file = await openFile(path).catch(() => null);
  await file?.handle.close();
  return file?.generation ?? null;
}
