import Fuse from "fuse.js";
import type { Command, CommandContext, LineCommand } from "../commands/contract.ts";
import type { FilterLanguage } from "../commands/filter-language.ts";
import { openPrompt } from "../commands/prompt-text.ts";
import type { Commands } from "../commands/registry.ts";
import type { Engine } from "../engine/contract.ts";
import { safeText } from "../models/text-safety.ts";
import type { Pane, PaneContext } from "../panes/contract.ts";
import type { Action } from "../state/actions.ts";
import { frameOf } from "../state/initial-state.ts";
import { openView, type SavedView } from "../state/saved-view.ts";
import { objectsFound, timeFound, valuesFound } from "./finder-values.ts";

/** One thing ctrl-k can go to. */
export interface Candidate {
  readonly kind:
    | "time"
    | "pane"
    | "object"
    | "user"
    | "namespace"
    | "code"
    | "address"
    | "program"
    | "view"
    | "setting"
    | "command";
  readonly label: string;
  readonly detail: string;
  /** It is what the text says, not only something that holds it. */
  readonly isMeant?: boolean;
  run(context: CommandContext): readonly Action[];
}

const SHOWN = 50;

/** What the find prompt offers: panes, settings and commands at once, what the log names as the engine answers. */
export class Finder {
  private readonly engine: Engine;
  private readonly language: FilterLanguage;
  private readonly onChange: () => void;
  private readonly fixed: readonly Candidate[];
  private readonly hasTrail: boolean;
  private views: readonly Candidate[] = [];
  private times: readonly Candidate[] = [];
  private values: readonly Candidate[] = [];
  private objects: readonly Candidate[] = [];
  private found: readonly Candidate[] = [];
  private text = "";
  private running: AbortController | null = null;
  /** Resolves when the log has answered the latest text. */
  settled: Promise<void> = Promise.resolve();

  constructor(
    engine: Engine,
    panes: readonly Pane[],
    { all, words }: Pick<Commands, "all" | "words">,
    language: FilterLanguage,
    onChange: () => void,
  ) {
    this.engine = engine;
    this.language = language;
    this.onChange = onChange;
    this.hasTrail = panes.some((pane) => pane.id === "trail");
    this.fixed = [
      ...panes.map(paneCandidate),
      ...words.map(wordCandidate),
      ...all.filter(isOffered).map(commandCandidate),
    ];
  }

  get candidates(): readonly Candidate[] {
    return this.found;
  }

  get isIdle(): boolean {
    return this.running === null;
  }

  /** What is known ranks at once; what the log names follows, unless a newer text overtakes it. */
  search(text: string, context: PaneContext): void {
    this.text = text.trim();
    this.times = timeFound(this.text, context);
    this.rank();
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    this.settled = this.ask(controller.signal)
      .catch(() => {
        // Overtaken by the next key, or the engine is gone: what was found stays.
      })
      .finally(() => {
        if (this.running !== controller) return;
        this.running = null;
        this.rank();
        this.onChange();
      });
  }

  offerViews(views: readonly SavedView[]): void {
    this.views = views.map((view) => ({
      kind: "view",
      label: safeText(view.name),
      detail: safeText(["saved view:", ...view.frames.map(({ pane }) => pane), ...view.chips].join(" ")),
      run: ({ pane }) => openView(view, pane.status),
    }));
  }

  close(): void {
    this.running?.abort();
    this.running = null;
  }

  private async ask(signal: AbortSignal): Promise<void> {
    const { engine, text } = this;
    const [objects, values] = await Promise.all([
      this.hasTrail ? objectsFound(engine, text, signal) : [],
      text === "" ? [] : valuesFound(engine, this.language, text, signal),
    ]);
    this.objects = objects;
    this.values = values;
  }

  private rank(): void {
    if (this.text === "") {
      const panes = this.fixed.filter(({ kind }) => kind === "pane");
      this.found = [...panes, ...this.views, ...this.objects.slice(0, 10)].slice(0, SHOWN);
      return;
    }
    const meant = [...this.times, ...this.objects].filter(({ isMeant }) => isMeant === true);
    const others = [...this.fixed, ...this.views, ...this.values, ...this.objects];
    // The engine has ranked its objects already; here they only compete with the rest.
    const fuse = new Fuse(
      others.filter((candidate) => !meant.includes(candidate)),
      {
        keys: [
          { name: "label", weight: 3 },
          { name: "detail", weight: 1 },
        ],
        ignoreLocation: true,
        threshold: 0.4,
        minMatchCharLength: 1,
      },
    );
    const text = this.text.slice(0, 64);
    const found = fuse.search(text, { limit: SHOWN }).map(({ item }) => item);
    this.found = [...meant, ...found.toSorted((a, b) => nearness(a, text) - nearness(b, text))].slice(0, SHOWN);
  }
}

/** Kinds in the order they are worth where they fit alike. */
const KINDS: readonly Candidate["kind"][] = [
  "time",
  "pane",
  "object",
  "user",
  "namespace",
  "code",
  "address",
  "program",
  "view",
  "setting",
  "command",
];

/** Less is nearer: the whole name, its start, the start of a word in it, a part of it, only like it; then by kind. */
function nearness({ label, kind }: Candidate, text: string): number {
  const [name, wanted] = [label.toLowerCase(), text.toLowerCase()];
  const at = name.indexOf(wanted);
  const isWord = at > 0 && /[^\p{L}\p{N}]/u.test(name[at - 1] ?? "");
  const fit = name === wanted ? 0 : at === 0 ? 1 : isWord ? 2 : at > 0 ? 3 : 4;
  return fit * KINDS.length + KINDS.indexOf(kind);
}

function isOffered(command: Command): boolean {
  return command.scope === "global" && !command.id.startsWith("go.") && command.id !== "program.find";
}

function paneCandidate(pane: Pane): Candidate {
  return {
    kind: "pane",
    label: pane.title,
    detail: pane.about,
    run: () => [{ type: pane.over === true ? "push" : "open", frame: frameOf(pane.id) }],
  };
}

/** What takes words after `:`, typed as far as it is known. */
function wordCandidate({ name, usage, about }: LineCommand): Candidate {
  return {
    kind: "setting",
    label: usage,
    detail: about,
    run: () => [{ type: "prompt", prompt: openPrompt("command", `${name} `) }],
  };
}

function commandCandidate(command: Command): Candidate {
  return {
    kind: "command",
    label: command.title,
    detail: command.keys.join(" "),
    run: (context) => {
      const reason = command.disabledReason?.(context) ?? null;
      return reason === null ? command.run(context) : [{ type: "message", text: reason, tone: "warn" }];
    },
  };
}
