import type { ViewStore } from "../config/view-store.ts";
import { safeText } from "../models/text-safety.ts";
import type { Pane } from "../panes/contract.ts";
import type { Action, Effect } from "../state/actions.ts";

/** Saved views on their way between the file and the screen's state. */
export class ViewShelf {
  private readonly store: ViewStore | undefined;
  private readonly panes: readonly Pane[];
  private readonly dispatch: (actions: readonly Action[]) => void;

  constructor(store: ViewStore | undefined, panes: readonly Pane[], dispatch: (actions: readonly Action[]) => void) {
    this.store = store;
    this.panes = panes;
    this.dispatch = dispatch;
  }

  /** Once the screen is there: the file is read behind it. */
  start(): void {
    this.load(null).catch(this.tell);
  }

  save({ view }: Extract<Effect, { readonly kind: "save-view" }>): void {
    this.change((store) => store.save(view), `saved “${view.name}”`);
  }

  remove({ name }: Extract<Effect, { readonly kind: "delete-view" }>): void {
    this.change((store) => store.remove(name), `forgot “${name}”`);
  }

  private change(edit: (store: ViewStore) => Promise<void>, done: string): void {
    const { store } = this;
    const edited = store === undefined ? Promise.reject(new Error("views can't be saved here")) : edit(store);
    edited.then(() => this.load(`${done} in ${store?.path ?? ""}`)).catch(this.tell);
  }

  /** `done`: what to say when all is well. */
  private async load(done: string | null): Promise<void> {
    if (this.store === undefined) return;
    const { views, problems } = await this.store.list(this.panes);
    const [problem] = problems;
    const more = problems.length > 1 ? `(${problems.length - 1} more: :views) ` : "";
    const told: readonly Action[] =
      problem !== undefined
        ? [{ type: "message", text: `${more}${safeText(problem)}`, tone: "warn" }]
        : done !== null
          ? [{ type: "message", text: safeText(done), tone: "info" }]
          : [];
    this.dispatch([{ type: "views", views, problems }, ...told]);
  }

  private readonly tell = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    this.dispatch([{ type: "message", text: safeText(text), tone: "warn" }]);
  };
}
