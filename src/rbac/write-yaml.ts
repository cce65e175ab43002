import { type ApiMap, type ApiValue, bindingObjects, roleObject } from "./api-objects.ts";
import { evidenceNotes } from "./notes.ts";
import type { PlannedRole } from "./plan.ts";
import { quotedYaml, yamlComment } from "./yaml-text.ts";

/** Texts of a list stand on one line, up to here. */
const LINE = 110;

/** YAML documents that `kubectl apply` takes, piece by piece; `header` are the comment lines before the first. */
export function* yamlOf(header: readonly string[], roles: readonly PlannedRole[]): Generator<string, void, void> {
  yield header.map((line) => `${line === "" ? "#" : yamlComment(line)}\n`).join("");
  // The header belongs to the first document: one of comments alone would be an object without a kind to some readers.
  let separator = "";
  for (const role of roles) {
    const notes = role.rules.map((rule) => evidenceNotes(rule));
    for (const [object, comments] of [
      [roleObject(role), notes] as const,
      ...bindingObjects(role).map((binding) => [binding, []] as const),
    ]) {
      yield separator + mapYaml(object, "", comments);
      separator = "---\n";
    }
  }
}

/** `comments`: of the items of the list of maps in it. */
function mapYaml(map: ApiMap, indent: string, comments: readonly (readonly string[])[]): string {
  return Object.entries(map)
    .map(([key, value]) => `${indent}${key}:${valueYaml(value, indent, comments)}`)
    .join("");
}

function valueYaml(value: ApiValue, indent: string, comments: readonly (readonly string[])[]): string {
  if (typeof value === "string") return ` ${scalarYaml(value)}\n`;
  if (!isList(value)) return `\n${mapYaml(value, `${indent}  `, [])}`;
  if (value.every((item) => typeof item === "string")) return textsYaml(value, indent);
  const items = value.map((item, at) => {
    const lines = (comments[at] ?? []).map((line) => `${indent}  ${yamlComment(line)}\n`);
    const body = mapYaml(item as ApiMap, `${indent}    `, []);
    return `${lines.join("")}${indent}  - ${body.slice(indent.length + 4)}`;
  });
  return `\n${items.join("")}`;
}

function isList(value: ApiValue): value is readonly string[] | readonly ApiMap[] {
  return Array.isArray(value);
}

function textsYaml(texts: readonly string[], indent: string): string {
  const quoted = texts.map(quotedYaml);
  const line = ` [${quoted.join(", ")}]\n`;
  return line.length + indent.length <= LINE ? line : `\n${quoted.map((text) => `${indent}  - ${text}\n`).join("")}`;
}

/** Words that nothing takes for anything but a text need no quotes. */
function scalarYaml(text: string): string {
  const isWord = /^[A-Za-z][A-Za-z0-9._/-]*$/.test(text) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(text);
  return isWord ? text : quotedYaml(text);
}
