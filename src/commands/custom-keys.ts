import type { CommandLine } from "./command-line.ts";
import type { Command } from "./contract.ts";
import { keyName } from "./key-name.ts";

/** A key of the user's own: the `:` line it runs, or null when it should do nothing. */
export interface CustomKey {
  readonly key: string;
  readonly line: string | null;
}

export interface KeyNote {
  readonly custom: CustomKey;
  readonly message: string;
  /** The key could not be set; otherwise what it took the place of. */
  readonly isMistake: boolean;
}

export interface CustomKeys {
  readonly commands: readonly Command[];
  readonly notes: readonly KeyNote[];
}

/** Always leaves, whatever else is wrong. */
const KEPT = "ctrl-c";
const SHORTEST_FOOTER = 14;

/** Commands with the user's keys in front of their own. A key set here does only that, wherever the command applies. */
export function withCustomKeys(
  commands: readonly Command[],
  keys: readonly CustomKey[],
  line: CommandLine,
): CustomKeys {
  const notes: KeyNote[] = [];
  let all = commands;
  for (const custom of keys) {
    try {
      const bound = bind(all, custom, line);
      all = bound.commands;
      notes.push(...bound.lost.map((message) => ({ custom, message, isMistake: false })));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      notes.push({ custom, message, isMistake: true });
    }
  }
  return { commands: all, notes };
}

function bind(
  all: readonly Command[],
  custom: CustomKey,
  line: CommandLine,
): { readonly commands: readonly Command[]; readonly lost: readonly string[] } {
  const key = keyName(custom.key);
  if (key === KEPT) throw new Error(`${KEPT} always leaves and can't be set`);
  const target = custom.line === null ? null : targetOf(all, key, custom.line, line);
  const isTaken = (command: Command): boolean =>
    command.keys.includes(key) && command.id !== target?.id && isReplaced(command, target);
  const replaced = all.filter(isTaken);
  if (target === null && replaced.length === 0) throw new Error(`${key} does nothing anyway`);
  const freed = all.map((command) => (isTaken(command) ? { ...command, keys: without(command.keys, key) } : command));
  const lost = replaced.map(({ id, title, keys }) => {
    const others = without(keys, key);
    return `${key} was “${title}”, ${others.length === 0 ? `now only :${id}` : `still ${others.join(" ")}`}`;
  });
  if (target === null) return { commands: freed, lost };
  const isKnown = freed.some(({ id }) => id === target.id);
  const withKey = (command: Command): Command => ({ ...command, keys: [key, ...without(command.keys, key)] });
  const bound = freed.map((command) => (command.id === target.id ? withKey(target) : command));
  return { commands: isKnown ? bound : [...bound, target], lost };
}

/** The command of that id, or a new one that runs the line. */
function targetOf(all: readonly Command[], key: string, text: string, line: CommandLine): Command {
  const prompt = all.find(({ id, scope }) => scope === "prompt" && id === text);
  if (prompt !== undefined) {
    if ([...key].length === 1 || key === "space") throw new Error(`${key} types itself in a prompt`);
    return prompt;
  }
  const read = line.read(text);
  if (!read.ok) throw new Error(read.message);
  const known = all.find(({ id }) => id === read.command?.id);
  if (known !== undefined) return known;
  return {
    id: `key.${key}`,
    title: `:${text}`,
    ...(text.length > SHORTEST_FOOTER ? {} : { short: text }),
    keys: [key],
    scope: "global",
    group: "your keys",
    run: (context) => {
      const ran = line.run(text, context);
      return ran.ok ? ran.actions : [{ type: "message", text: ran.message, tone: "warn" }];
    },
  };
}

/** A command of one pane leaves the key to the others; keys inside prompts are a world of their own. */
function isReplaced({ scope }: Command, target: Command | null): boolean {
  if (target?.scope === "prompt") return scope === "prompt";
  if (scope === "prompt") return false;
  return target?.scope.startsWith("pane:") === true ? scope === target.scope : true;
}

function without(keys: readonly string[], key: string): readonly string[] {
  return keys.filter((candidate) => candidate !== key);
}
