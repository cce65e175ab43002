import type { Engine } from "../engine/contract.ts";
import { safeText } from "../models/text-safety.ts";
import type { Action, Effect } from "../state/actions.ts";
import type { Environment } from "../terminal/capabilities.ts";
import { copied } from "./copying.ts";
import type { DisplayStream } from "./surface.ts";
import type { Tenancy } from "./tenancy.ts";
import type { ViewShelf } from "./view-shelf.ts";
import { writeAsked } from "./write-file.ts";

export interface EffectParts {
  readonly engine: Engine;
  readonly stdout: DisplayStream;
  readonly environment: Environment;
  readonly tenancy: Tenancy;
  readonly views: ViewShelf;
  /** What a `ktrail …` line prints; see ExplorerOptions. */
  readonly viewText: ((line: string, path: string) => Promise<string>) | undefined;
  readonly dispatch: (actions: readonly Action[]) => void;
}

type Kind = Effect["kind"];
type Performers = { readonly [K in Kind]?: (effect: Extract<Effect, { readonly kind: K }>) => void };

/** What the state asks of the terminal and of files. Answers come as actions, behind the key that asked. */
export function effectsOn(parts: EffectParts): (effect: Effect) => void {
  const { engine, stdout, environment, tenancy, views, viewText, dispatch } = parts;
  const tell = (actions: readonly Action[]): void => queueMicrotask(() => dispatch(actions));
  const write = (effect: Extract<Effect, { readonly kind: "write-file" }>): void =>
    tell(
      writeAsked(
        effect,
        engine.status.inputs.map(({ path }) => path),
      ),
    );
  const performers: Performers = {
    suspend: tenancy.stop,
    redraw: () => tenancy.repaint(),
    print: ({ text }) => tenancy.show(text),
    copy: (effect) => tell([copied(effect, environment, (sequence) => stdout.write(sequence))]),
    "save-view": (effect) => views.save(effect),
    "delete-view": (effect) => views.remove(effect),
    "write-file": write,
    "write-view": ({ path, line, overwrite }) => {
      const refused = (why: string): void => tell([{ type: "message", text: safeText(why), tone: "warn" }]);
      if (viewText === undefined) return refused("views can't be written here");
      viewText(line, path).then(
        (text) => write({ kind: "write-file", path, text, overwrite }),
        (error: unknown) =>
          refused(`${path} was not written: ${error instanceof Error ? error.message : String(error)}`),
      );
    },
  };
  return (effect) => (performers[effect.kind] as ((effect: Effect) => void) | undefined)?.(effect);
}
