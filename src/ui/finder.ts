import Fuse from "fuse.js";
import type { Command, CommandContext } from "../commands/contract.ts";
import type { FilterLanguage } from "../commands/filter-language.ts";
import type { Engine } from "../engine/contract.ts";
import { counted } from "../models/numbers.ts";
import { safeText } from "../models/text-safety.ts";
import type { Pane } from "../panes/contract.ts";
import { objectName } from "../events/object-name.ts";
import { MATCH_ALL } from "../queries/contract.ts";
import type { Action } from "../state/actions.ts";
import { frameOf } from "../state/initial-state.ts";
import { openView, type SavedView } from "../state/saved-view.ts";

/** One thing ctrl-k can go to. */
export interface Candidate {
  readonly kind: "object" | "user" | "pane" | "command" | "view";
  readonly label: string;
  readonly detail: string;
  run(context: CommandContext): readonly Action[];
}

const SHOWN = 50;
const OBJECTS = 30;
/** fuse.js ranks a short list per key in 1–3 ms; of more users only the busiest are offered. */
const USERS = 500;

/** What the find prompt offers: panes and commands at once, objects and users as the engine answers. */
export class Finder {
  private readonly engine: Engine;
  private readonly language: FilterLanguage;
  private readonly onChange: () => void;
  private readonly fixed: readonly Candidate[];
  private readonly hasTrail: boolean;
  private views: readonly Candidate[] = [];
  private users: readonly Candidate[] = [];
  private objects: readonly Candidate[] = [];
  private found: readonly Candidate[] = [];
  private text = "";
  private running: AbortController | null = null;

  constructor(
    engine: Engine,
    panes: readonly Pane[],
    commands: readonly Command[],
    language: FilterLanguage,
    onChange: () => void,
  ) {
    this.engine = engine;
    this.language = language;
    this.onChange = onChange;
    this.hasTrail = panes.some((pane) => pane.id === "trail");
    this.fixed = [...panes.map(paneCandidate), ...commands.filter(isOffered).map(commandCandidate)];
  }

  get candidates(): readonly Candidate[] {
    return this.found;
  }

  get isIdle(): boolean {
    return this.running === null;
  }

  /** Panes and commands rank at once; objects and users follow, unless a newer text overtakes them. */
  search(text: string): void {
    this.text = text.trim();
    this.rank();
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    Promise.all([this.askObjects(controller.signal), this.askUsers(controller.signal)])
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

  private async askObjects(signal: AbortSignal): Promise<void> {
    if (!this.hasTrail) return;
    const { rows } = await this.engine.ask("objects", { text: this.text, limit: OBJECTS }, signal);
    this.objects = rows.map((row) => {
      const params = {
        object: `${row.resource}/${row.name}`,
        ...(row.namespace === "" ? {} : { namespace: row.namespace }),
      };
      return {
        kind: "object",
        label: safeText(objectName(row)),
        detail: counted(row.requests, "request"),
        run: () => [{ type: "open", frame: frameOf("trail", params) }],
      };
    });
  }

  private async askUsers(signal: AbortSignal): Promise<void> {
    const { rows } = await this.engine.ask(
      "groups",
      { filter: MATCH_ALL, by: ["user"], limit: USERS, latency: false },
      signal,
    );
    this.users = rows
      .map((row) => ({ user: row.key["user"] ?? "", requests: row.requests }))
      .filter(({ user }) => user !== "")
      .map(({ user, requests }) => ({
        kind: "user",
        label: safeText(user),
        detail: counted(requests, "request"),
        run: () => [
          { type: "push", frame: frameOf("requests"), chips: [this.language.term("user", user)], alone: true },
        ],
      }));
  }

  private rank(): void {
    if (this.text === "") {
      const panes = this.fixed.filter(({ kind }) => kind === "pane");
      this.found = [...panes, ...this.views, ...this.objects.slice(0, 10)].slice(0, SHOWN);
      return;
    }
    // The engine has ranked its objects already; here they only compete with the rest.
    const fuse = new Fuse([...this.fixed, ...this.views, ...this.users, ...this.objects], {
      keys: [
        { name: "label", weight: 3 },
        { name: "detail", weight: 1 },
      ],
      ignoreLocation: true,
      threshold: 0.4,
      minMatchCharLength: 1,
    });
    this.found = fuse.search(this.text.slice(0, 64), { limit: SHOWN }).map(({ item }) => item);
  }
}

function isOffered(command: Command): boolean {
  return command.scope === "global" && !command.id.startsWith("go.") && command.id !== "program.find";
}

function paneCandidate(pane: Pane): Candidate {
  return {
    kind: "pane",
    label: pane.title,
    detail: pane.about,
    run: () => [{ type: "open", frame: frameOf(pane.id) }],
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
