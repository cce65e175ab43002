import type { CommandLine } from "../commands/command-line.ts";
import type { ArgumentKind } from "../commands/contract.ts";
import type { FilterLanguage } from "../commands/filter-language.ts";
import { holdsSecret, restoredTerms } from "../commands/masked-terms.ts";
import { checked } from "../commands/prompt.ts";
import { isIncomplete, withText } from "../commands/prompt-text.ts";
import type { Engine, Explanation } from "../engine/contract.ts";
import { type Filter, MATCH_ALL, type Selection } from "../queries/contract.ts";
import type { Action } from "../state/actions.ts";
import type { AppState, Prompt } from "../state/app-state.ts";
import { combinedFilter, HUMANS } from "./combined-filter.ts";
import { objectArguments } from "./object-arguments.ts";

/** Asked when nobody has typed for so long: at a million requests an answer takes longer than a key. */
const PAUSE_MS = 60;
const OFFERED = 40;

/** One thing tab would put into the prompt. */
export interface Offer {
  readonly text: string;
  /** How many requests it stands for, or what it means. */
  readonly detail: string;
}

/** What is known of the prompt's text. */
export interface PromptNews {
  readonly offers: readonly Offer[];
  /** How much the filter matches; null while unknown. */
  readonly matches: Explanation | null;
}

const NOTHING: PromptNews = { offers: [], matches: null };

/** What tab could make of the text up to `to`, and in which place. */
interface Reading {
  readonly from: number;
  readonly to: number;
  readonly offers: readonly Offer[];
  /** Asks the log for more. */
  readonly ask?: (signal: AbortSignal) => Promise<readonly Offer[]>;
}

/** Completes prompts by names, fields and the log's own values, and counts what the filter being typed would match. */
export class Completer {
  private readonly engine: Engine;
  private readonly language: FilterLanguage;
  private readonly line: CommandLine;
  private readonly onChange: () => void;
  private known = "";
  private reading: Reading | null = null;
  private offers: readonly Offer[] = [];
  private matches: Explanation | null = null;
  private running: AbortController | null = null;
  private asked: Promise<void> = Promise.resolve();

  constructor(engine: Engine, language: FilterLanguage, line: CommandLine, onChange: () => void) {
    this.engine = engine;
    this.language = language;
    this.line = line;
    this.onChange = onChange;
  }

  get news(): PromptNews {
    return this.reading === null ? NOTHING : { offers: this.offers, matches: this.matches };
  }

  get isIdle(): boolean {
    return this.running === null;
  }

  /** Looks at the prompt as it is now. While tab goes through what fits, that stays. */
  update(state: AppState): void {
    const { prompt } = state;
    if (prompt === null || (prompt.kind !== "filter" && prompt.kind !== "command")) return this.close();
    const key = `${prompt.kind} ${prompt.cursor} ${prompt.text}`;
    if (this.reading !== null && key === this.known) return;
    this.known = key;
    this.running?.abort();
    const selection = this.filterTyped(state, prompt);
    if (selection === null) this.matches = null;
    if (prompt.completing === undefined) {
      this.reading = this.read(state, prompt);
      this.offers = this.reading.offers;
    }
    this.ask(prompt.completing === undefined ? this.reading : null, selection);
  }

  /** The prompt with the next or previous of what fits in it; waits for what the log has. */
  async complete(prompt: Prompt, direction: 1 | -1): Promise<readonly Action[]> {
    const { completing } = prompt;
    if (completing !== undefined) {
      const { from, rest, texts, at } = completing;
      return [this.completed(prompt, from, rest, texts, (at + direction + texts.length) % texts.length)];
    }
    if (prompt.error !== null && !isIncomplete(prompt)) {
      const { column, message, suggestions = [] } = prompt.error;
      const text = this.language.corrected(prompt.text, { ok: false, column, message, suggestions });
      if (text !== null)
        return [{ type: "prompt", prompt: checked(withText(prompt, text, text.length), this.language) }];
    }
    await this.asked;
    const { reading, offers } = this;
    const texts = offers.map(({ text }) => text);
    if (reading === null || texts.length === 0) return [];
    return [
      this.completed(prompt, reading.from, prompt.text.slice(reading.to), texts, direction > 0 ? 0 : texts.length - 1),
    ];
  }

  close(): void {
    this.running?.abort();
    this.running = null;
    this.reading = null;
    this.known = "";
    this.offers = [];
    this.matches = null;
  }

  private completed(prompt: Prompt, from: number, rest: string, texts: readonly string[], at: number): Action {
    const text = prompt.text.slice(0, from) + (texts[at] ?? "");
    const next = checked(withText(prompt, text + rest, text.length), this.language);
    // A single one is final: the next tab completes what follows it.
    return { type: "prompt", prompt: texts.length === 1 ? next : { ...next, completing: { from, rest, texts, at } } };
  }

  private filterTyped(state: AppState, prompt: Prompt): Selection | null {
    if (prompt.kind !== "filter" || prompt.text.trim() === "") return null;
    const parsed = this.language.parse(prompt.text);
    if (!parsed.ok) return null;
    const chips = restoredTerms(parsed.terms, state).map((text) => ({ text }));
    return selectionIn(state, combinedFilter({ chips, chipsOn: true, humansOnly: false }, this.language).filter);
  }

  private ask(reading: Reading | null, counted: Selection | null): void {
    const ask = reading?.ask;
    if (ask === undefined && counted === null) {
      this.running = null;
      return;
    }
    const controller = new AbortController();
    const { signal } = controller;
    this.running = controller;
    this.asked = pause(PAUSE_MS, signal)
      .then(() =>
        Promise.all([
          ask?.(signal).then((offers) => {
            if (this.running !== controller) return;
            this.offers = [...offers, ...(reading?.offers ?? [])]
              .filter(({ text }) => !holdsSecret(text))
              .slice(0, OFFERED);
          }),
          counted === null
            ? null
            : this.engine.ask("explain", counted, signal).then((matches) => {
                if (this.running === controller) this.matches = matches;
              }),
        ]),
      )
      .catch(() => {
        // Overtaken by the next key, or the engine is gone: what is known stays.
      })
      .then(() => {
        if (this.running !== controller) return;
        this.running = null;
        this.onChange();
      });
  }

  private read(state: AppState, prompt: Prompt): Reading {
    if (prompt.kind === "filter") return this.readFilter(state, prompt.text, prompt.cursor, 0);
    const text = prompt.text.slice(0, prompt.cursor);
    const { from, typed, words, argument } = this.line.place(text, state);
    const offers = words.map((word) => ({ text: word, detail: "" }));
    if (argument === "filter") {
      const start = /^\s*\S+\s+/.exec(text)?.[0].length ?? 0;
      return this.readFilter(state, text.slice(start), prompt.cursor - start, start);
    }
    const at = { from, to: prompt.cursor, offers };
    return argument === undefined ? at : { ...at, ask: (signal) => this.argumentsLike(argument, typed, signal) };
  }

  /** `shift`: where the filter starts in the prompt. */
  private readFilter(state: AppState, text: string, cursor: number, shift: number): Reading {
    const place = this.language.place(text, cursor);
    if (place === null) return { from: shift + cursor, to: shift + cursor, offers: [] };
    const at = { from: shift + place.from, to: shift + place.to };
    const { field, key, typed } = place;
    if (field === undefined || place.kind === "word") return { ...at, offers: this.language.completions(place, []) };
    return {
      ...at,
      offers: [],
      ask: async (signal) => {
        const ask = { field: field.id, ...(key === undefined ? {} : { key }), text: typed, limit: OFFERED };
        const values = await this.engine.ask("values", { ...ask, ...selectionIn(state, place.rest) }, signal);
        return this.language
          .completions(place, values)
          .map((offer) => ({ ...offer, text: place.operator + offer.text }));
      },
    };
  }

  private async argumentsLike(argument: ArgumentKind, typed: string, signal: AbortSignal): Promise<readonly Offer[]> {
    if (argument === "object") return objectArguments(this.engine, typed, OFFERED, signal);
    const field = FIELD_OF[argument];
    if (field === undefined) return [];
    const values = await this.engine.ask("values", { field, text: typed, limit: OFFERED, filter: MATCH_ALL }, signal);
    return values.map(({ value, requests }) => ({ text: value, detail: String(requests) }));
  }
}

const FIELD_OF: Partial<Readonly<Record<ArgumentKind, string>>> = { namespace: "ns", user: "user", code: "code" };

/** A filter as the screen would apply it: humans only, in the time window. */
function selectionIn({ humansOnly, window }: AppState, filter: Filter): Selection {
  const narrowed: Filter = humansOnly ? { op: "and", terms: [filter, HUMANS] } : filter;
  return window === null ? { filter: narrowed } : { filter: narrowed, window };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("overtaken"));
    });
  });
}
