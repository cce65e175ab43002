import type { Command, CommandContext } from "../commands/contract.ts";
import type { FilterLanguage } from "../commands/filter-language.ts";
import { panesByDigit } from "../commands/go-to.ts";
import { createKeymap, type Keymap } from "../commands/keymap.ts";
import { checked } from "../commands/prompt.ts";
import { insertText } from "../commands/prompt-text.ts";
import type { Commands } from "../commands/registry.ts";
import type { Engine, EngineStatus } from "../engine/contract.ts";
import type { Pane, PaneContext, PaneView } from "../panes/contract.ts";
import type { Action, Effect } from "../state/actions.ts";
import type { AppState } from "../state/app-state.ts";
import { cursorAt, settleCursor } from "../state/cursor.ts";
import { topFrame } from "../state/initial-state.ts";
import { reduce } from "../state/reduce.ts";
import { Announcer } from "./announcer.ts";
import { AskBoard } from "./ask-board.ts";
import { type CombinedFilter, combinedFilter } from "./combined-filter.ts";
import { isNarrowed } from "./context-lines.ts";
import { askedEffect } from "./asked-effects.ts";
import { Completer } from "./completer.ts";
import { Explainer } from "./explainer.ts";
import { Finder } from "./finder.ts";
import { FrozenLevels } from "./frozen-levels.ts";
import { asksOf, viewOf } from "./guarded-pane.ts";
import { layoutFor } from "./layout.ts";
import { pointedAt } from "./pointing.ts";
import { showsTheSame } from "./same-view.ts";
import type { Snapshot } from "./snapshot.ts";
import { ENTER, type KeyPress } from "./terminal/key-names.ts";
import { TypedAhead } from "./typed-ahead.ts";
import { nothingDone } from "./unknown-key.ts";

/** Data may change the screen ten times a second; keys change it at once. */
const DATA_INTERVAL_MS = 100;
/** Over a slow line every refresh delays the next key: twice a second. */
const LO_FI_INTERVAL_MS = 500;
const CLOCK_INTERVAL_MS = 1_000;

export interface ShellOptions {
  readonly engine: Engine;
  readonly panes: readonly Pane[];
  readonly commands: Commands;
  readonly language: FilterLanguage;
  readonly initial: AppState;
  readonly unicode: boolean;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Effects on the terminal and the process; quitting is seen in the state. */
  readonly perform: (effect: Effect) => void;
}

/**
 * The application between engine and terminal, without either: state changes by actions, the pane on top asks the engine
 * what it needs, and whoever subscribed is told when a new snapshot is worth drawing.
 */
export class Shell {
  private readonly options: ShellOptions;
  private readonly keymap: Keymap;
  private readonly panes: ReadonlyMap<string, Pane>;
  private readonly tabs: readonly Pane[];
  private readonly board: AskBoard;
  private readonly finder: Finder;
  private readonly completer: Completer;
  private readonly explainer: Explainer;
  private readonly announcer = new Announcer();
  private state: AppState;
  private live: EngineStatus;
  private readonly frozen = new FrozenLevels();
  private combined: CombinedFilter;
  private view: { readonly context: PaneContext; readonly view: PaneView } | null = null;
  private drawn: Snapshot | null = null;
  private dataTimer: NodeJS.Timeout | null = null;
  private clock: NodeJS.Timeout | null = null;
  private lastDataMs = -Infinity;
  private pendingEffects = 0;
  private isCompleting = false;
  private readonly typedAhead: TypedAhead;
  private unsubscribe: () => void = () => {};

  constructor(options: ShellOptions) {
    this.options = options;
    this.state = options.initial;
    this.live = options.engine.status;
    this.keymap = createKeymap(options.commands.all);
    this.panes = new Map(options.panes.map((pane) => [pane.id, pane]));
    this.tabs = panesByDigit(options.panes);
    this.combined = combinedFilter(options.initial, options.language);
    this.typedAhead = new TypedAhead({
      mustWait: (press) => this.mustWait(press),
      run: (press) => this.pressOne(press),
      between: () => this.ask(),
      done: () => this.shown(),
    });
    this.board = new AskBoard(options.engine, (news) => {
      this.view = null;
      if (news === "refreshed") return this.dataChanged();
      this.shown();
      this.typedAhead.run();
    });
    this.completer = new Completer(options.engine, options.language, options.commands.line, () => this.changed());
    this.explainer = new Explainer(options.engine, () => this.changed());
    this.finder = new Finder(options.engine, options.panes, options.commands, options.language, () => this.changed());
  }

  start(): void {
    this.unsubscribe = this.options.engine.subscribe((status) => {
      this.live = status;
      this.dataChanged();
    });
    this.live = this.options.engine.status;
    this.clock = setInterval(() => this.tick(), CLOCK_INTERVAL_MS);
    this.clock.unref();
    this.ask();
    this.changed();
  }

  stop(): void {
    this.unsubscribe();
    for (const part of [this.board, this.finder, this.completer, this.explainer, this.announcer]) part.close();
    if (this.dataTimer !== null) clearTimeout(this.dataTimer);
    if (this.clock !== null) clearInterval(this.clock);
  }

  readonly subscribe = (listener: () => void): (() => void) => this.announcer.subscribe(listener);

  readonly snapshot = (): Snapshot => {
    this.drawn ??= this.takeSnapshot();
    return this.drawn;
  };

  /** No answer, effect or redraw is outstanding. */
  get isIdle(): boolean {
    const isSettled = this.dataTimer === null && this.pendingEffects === 0 && !this.announcer.isHolding;
    return [this.board, this.finder, this.completer, this.explainer].every(({ isIdle }) => isIdle) && isSettled;
  }

  /** Key presses of one input, in order: each sees what the one before did. */
  press(presses: readonly KeyPress[]): void {
    if (!this.state.quitting) this.typedAhead.press(presses);
  }

  /** Text pasted as such: it never runs commands. */
  paste(text: string): void {
    const prompt = this.state.prompt;
    this.dispatch(
      prompt === null
        ? [{ type: "message", text: "pasted text goes into a prompt: press / or : first", tone: "info" }]
        : [{ type: "prompt", prompt: checked(insertText(prompt, text), this.options.language) }],
    );
  }

  dispatch(actions: readonly Action[]): void {
    this.apply(actions);
    this.shown();
  }

  private shown(): void {
    this.settle();
    this.ask();
    this.explain();
    this.changed();
  }

  /** An empty screen under filters says which of them is to blame. */
  private explain(): void {
    if (layoutFor(this.state.size, false) === null) return;
    const isWaiting = this.board.isWaiting(this.state.stack.length - 1, false);
    const isEmpty = isNarrowed(this.state) && !isWaiting && this.currentView().view.rows.count === 0;
    const { filter, window, status } = this.paneContext();
    this.explainer.want(isEmpty ? { filter, ...(window === null ? {} : { window }) } : null, status.revision);
  }

  /**
   * Keys may be typed ahead of the engine: one that acts on rows waits for them, but keys of the program never do. Moving
   * goes on over the rows of an earlier question, anything else must not pick a row that is about to go.
   */
  private mustWait(press: KeyPress): boolean {
    if (this.isCompleting) return press.name !== "esc" && press.name !== "ctrl-c";
    const command = this.commandFor(press);
    const isKey = press.mouse === undefined;
    if (isKey && (command === undefined || command.scope === "global" || command.scope === "prompt")) return false;
    return this.board.isWaiting(this.state.stack.length - 1, command?.group === "move");
  }

  private commandFor(press: KeyPress): Command | undefined {
    return this.keymap.find(press.name, topFrame(this.state).pane, this.state.prompt !== null);
  }

  private pressOne(press: KeyPress): void {
    const pointed = press.mouse === undefined ? null : pointedAt(press.mouse, this.takeSnapshot());
    if (pointed === "open") return this.pressOne(ENTER);
    if (pointed !== null) return this.apply([{ type: "clear-message" }, ...pointed]);
    const prompt = this.state.prompt;
    const command = this.commandFor(press);
    // As of before this key: what it says may depend on what the last one was answered.
    const context = this.commandContext();
    this.apply([{ type: "clear-message" }]);
    if (command === undefined) {
      if (prompt === null) this.apply([nothingDone(press, this.options.unicode)]);
      else if (press.text !== null)
        this.apply([{ type: "prompt", prompt: checked(insertText(prompt, press.text), this.options.language) }]);
      return;
    }
    const reason = command.disabledReason?.(context) ?? null;
    this.apply(reason === null ? command.run(context) : [{ type: "message", text: reason, tone: "warn" }]);
  }

  private apply(actions: readonly Action[]): void {
    for (const action of actions) {
      this.keepPlace(action);
      const before = this.state;
      this.state = reduce(before, action);
      if (this.state.paused && !before.paused) {
        this.frozen.pause(
          this.state.stack.map(({ pane }) => pane),
          this.live,
        );
      } else if (!this.state.paused) this.frozen.resume();
      if (this.state.prompt?.kind === "find" && this.state.prompt.text !== before.prompt?.text) {
        this.finder.search(this.state.prompt.text, this.paneContext());
      }
      if (this.state.prompt !== before.prompt) this.completer.update(this.state);
      if (
        this.state.chips !== before.chips ||
        this.state.chipsOn !== before.chipsOn ||
        this.state.humansOnly !== before.humansOnly
      ) {
        this.combined = combinedFilter(this.state, this.options.language);
      }
      if (this.state.views !== before.views) this.finder.offerViews(this.state.views);
      if (!showsTheSame(before, this.state)) this.view = null;
      if (action.type === "effect") this.perform(action.effect);
    }
  }

  /** A list that follows has no place of its own: when it stops, or something lies over it, the place it shows is its place. */
  private keepPlace({ type }: Action): void {
    if (!this.state.follow || !["follow", "push", "open", "return", "restore"].includes(type)) return;
    if (layoutFor(this.state.size, false) === null) return;
    const { live, rows } = this.currentView().view;
    if (live === true && rows.count > 0) {
      this.state = reduce(this.state, { type: "cursor", ...cursorAt(rows, rows.count - 1, rows.top) });
    }
  }

  private perform(effect: Effect): void {
    const { engine, language } = this.options;
    const asked = askedEffect(engine, this.paneContext(), effect, language);
    if (asked !== null) return this.runLater(asked.actions, asked.always);
    const { prompt } = this.state;
    if (effect.kind === "complete" && prompt !== null)
      return this.answerPrompt(this.completer.complete(prompt, effect.direction));
    if (effect.kind !== "accept-find") return this.options.perform(effect);
    if (!this.finder.isIdle) return this.answerPrompt(this.finder.settled.then(() => [{ type: "effect", effect }]));
    const chosen = this.finder.candidates[prompt?.selected ?? 0];
    this.apply([{ type: "prompt", prompt: null }]);
    if (chosen !== undefined) this.apply(chosen.run(this.commandContext()));
  }

  /** What the prompt waits for. Keys that come meanwhile wait too: they are meant for what comes of it. */
  private answerPrompt(answer: Promise<readonly Action[]>): void {
    const { prompt } = this.state;
    this.isCompleting = true;
    const answered = answer.finally(() => {
      this.isCompleting = false;
    });
    this.runLater(
      answered.then((actions) => (this.state.prompt === prompt ? actions : [])),
      true,
    );
  }

  /** Actions that come as an answer of the engine; they only count while the same frame is on screen, or `always`. */
  private runLater(found: Promise<readonly Action[]>, always = false): void {
    const asked = this.state.stack;
    this.pendingEffects += 1;
    found
      .catch((error: unknown): readonly Action[] => [
        { type: "message", text: error instanceof Error ? error.message : String(error), tone: "warn" },
      ])
      .then((actions) => {
        this.pendingEffects -= 1;
        if (always || this.state.stack === asked) this.dispatch(actions);
        this.typedAhead.run();
      })
      .catch((error: unknown) => {
        queueMicrotask(() => {
          throw error;
        });
      });
  }

  private paneContext(): PaneContext {
    const layout = layoutFor(this.state.size, isNarrowed(this.state));
    return {
      app: this.state,
      frame: topFrame(this.state),
      status: this.frozenStatus() ?? this.live,
      filter: this.combined.filter,
      window: this.state.window,
      width: layout?.width ?? 0,
      height: layout?.body ?? 0,
      unicode: this.options.unicode,
      nowMs: this.options.now(),
    };
  }

  private frozenStatus(): EngineStatus | null {
    return this.frozen.at(this.state.stack.length - 1, topFrame(this.state).pane);
  }

  private topPane(): Pane {
    const pane = this.panes.get(topFrame(this.state).pane) ?? this.options.panes[0];
    if (pane === undefined) throw new Error("the explorer needs at least one pane");
    return pane;
  }

  private currentView(): { readonly context: PaneContext; readonly view: PaneView } {
    const known = this.view;
    if (known?.context.app === this.state) return known;
    const context = this.paneContext();
    const answers = this.board.answers(this.state.stack.length - 1);
    this.view = { context, view: known?.view ?? viewOf(this.topPane(), context, answers) };
    return this.view;
  }

  private commandContext(): CommandContext {
    const { context, view } = this.currentView();
    return { app: this.state, pane: context, view };
  }

  private settle(): void {
    if (layoutFor(this.state.size, false) === null) return;
    const { view } = this.currentView();
    // While following, the cursor is on the newest row, whichever that is.
    if (view.live === true && this.state.follow) return;
    const place = settleCursor(topFrame(this.state), view.rows);
    if (place !== null) this.apply([{ type: "cursor", ...place }]);
  }

  private ask(): void {
    if (layoutFor(this.state.size, false) === null || this.state.quitting) return;
    const pane = this.topPane();
    const depth = this.state.stack.length - 1;
    this.frozen.left(depth);
    if (!this.board.knows(depth, pane.id, asksOf(pane, this.paneContext()))) {
      this.frozen.asked(depth, pane.id, this.live);
    }
    const context = this.paneContext();
    const under = JSON.stringify([context.filter, context.window]);
    if (this.board.sync(depth, pane.id, asksOf(pane, context), context.status.revision, under)) this.view = null;
  }

  private changed(): void {
    this.drawn = null;
    this.announcer.announce(!this.state.quitting && this.board.isWaiting(this.state.stack.length - 1, true));
  }

  private dataChanged(): void {
    if (this.dataTimer !== null) return;
    const interval = this.state.loFi ? LO_FI_INTERVAL_MS : DATA_INTERVAL_MS;
    const wait = Math.max(0, this.lastDataMs + interval - performance.now());
    this.dataTimer = setTimeout(() => {
      this.dataTimer = null;
      this.lastDataMs = performance.now();
      this.view = null;
      this.shown();
    }, wait);
  }

  /** Ages on screen grow although nothing arrives. */
  private tick(): void {
    const isAgeShown = this.state.timeMode === "relative" && this.live.phase === "following";
    if (!isAgeShown || this.state.paused) return;
    this.view = null;
    this.changed();
  }

  private takeSnapshot(): Snapshot {
    const context = this.commandContext();
    const pane = this.topPane();
    return {
      state: this.state,
      status: this.live,
      frozen: this.frozenStatus(),
      layout: layoutFor(this.state.size, isNarrowed(this.state)),
      pane,
      tabs: this.tabs,
      context,
      answers: this.board.answers(this.state.stack.length - 1),
      invalidChips: this.combined.invalid,
      commands: this.keymap.inReach(pane.id, this.state.prompt !== null),
      news: this.completer.news,
      hint: this.state.prompt?.kind === "command" ? this.options.commands.line.hint(this.state.prompt.text) : null,
      explanation: this.explainer.explanation,
      candidates: this.finder.candidates,
    };
  }
}
