import { PushSource } from "../bytes/push-source.ts";
import { isKtrailError } from "../errors.ts";
import type { ListenSettings } from "../listen/contract.ts";
import type { SourceBook } from "./source-book.ts";
import type { Stream } from "./streams.ts";

export interface ListenHooks {
  readonly book: SourceBook;
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
  /** A sender has been heard of for the first time: what it sends is to be read to its end. */
  readonly onSender: (stream: Stream) => void;
}

/**
 * Takes batches of audit events over HTTP until the signal fires; each sender is an input of its own. Resolves when it is
 * ready, or cannot be, which the input's error says; with a promise that all is closed again.
 */
export async function listenInputs(
  settings: ListenSettings,
  { book, signal, onNote, onSender }: ListenHooks,
): Promise<{ readonly closed: Promise<void> }> {
  const { host, port } = settings.address;
  const title = `listen ${host}:${port}`;
  const sources = new Map<string, PushSource>();
  const sourceOf = (sender: string): PushSource => {
    const known = sources.get(sender);
    if (known !== undefined) return known;
    const source = new PushSource(sender === "" ? title : `${title}/${sender}`);
    sources.set(sender, source);
    onSender({ source, apiserver: sender });
    return source;
  };
  const { Listener } = await import("../listen/listener.ts");
  const listener = new Listener(settings, { take: ({ sender, lines }) => sourceOf(sender).push(lines), note: onNote });
  const tally = book.tally(title);
  const closed = Promise.withResolvers<void>();
  const close = (): void => void listener.close().then(closed.resolve, closed.reject);
  try {
    onNote(`listening on ${await listener.start()}`);
    tally.state = "following";
    tally.heard();
    if (signal.aborted) close();
    else signal.addEventListener("abort", close, { once: true });
  } catch (error) {
    if (!isKtrailError(error)) throw error;
    tally.error = error.message;
    closed.resolve();
  }
  return { closed: closed.promise };
}
