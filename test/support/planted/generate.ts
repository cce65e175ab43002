import { CARRIERS, commandWords } from "./carriers.ts";
import { KEYED_PLACES, SECRET_PLACES, TEXT_PLACES, WORD_PLACES } from "./places.ts";
import { type Random, randomFrom } from "./random.ts";
import { anyPassword, base64, KEYS, password } from "./secrets.ts";

/** An audit event with secrets in it. */
export interface Planted {
  /** What kind of secret, and where it stands. */
  readonly category: string;
  readonly place: string;
  readonly auditID: string;
  /** None of these may be read by people; each at least 6 characters long. */
  readonly secrets: readonly string[];
  readonly event: object;
}

/** Every kind of secret at every place it can stand at, `times` each with other values. */
export function plantedSecrets(seed: number, times = 1): Planted[] {
  const random = randomFrom(seed);
  const planted: Planted[] = [];
  const add = (
    category: string,
    place: string,
    secrets: readonly string[],
    parts: { readonly objectRef?: object },
  ): void => {
    planted.push({ category, place, secrets, ...eventOf(planted.length, random, parts) });
  };
  for (let round = 0; round < times; round += 1) {
    for (const carrier of CARRIERS)
      for (const place of TEXT_PLACES) {
        if (place.isLine === true && carrier.isFile === true) continue;
        const carried = carrier.make(random);
        add(carrier.category, place.id, carried.secrets, place.event(carried, random));
      }
    for (const key of KEYS)
      for (const place of KEYED_PLACES) {
        const secret = place.isPlain === true ? password(random) : anyPassword(random);
        add("named by its key", place.id, [secret], place.event(key, secret, random));
      }
    for (let draw = 0; draw < 12; draw += 1)
      for (const place of WORD_PLACES) {
        const { words, secrets } = commandWords(random);
        add("command in words", place.id, secrets, place.event(words));
      }
    for (const place of SECRET_PLACES)
      for (const value of [password(random), base64(random, 12)]) add("Secret", place.id, [value], place.event(value));
  }
  return planted;
}

/** Objects the events are about, so that none has a long history. */
const OBJECTS = 97;

function named(parts: { readonly objectRef?: object }, name: string): object {
  return "objectRef" in parts ? { ...parts, objectRef: { name, ...parts.objectRef } } : parts;
}

function eventOf(
  at: number,
  random: Random,
  parts: { readonly objectRef?: object },
): { readonly auditID: string; readonly event: object } {
  const auditID = `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`;
  const time = new Date(Date.UTC(2026, 10, 21) + at * 100).toISOString().replace("Z", "000Z");
  const event = {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "RequestResponse",
    auditID,
    stage: "ResponseComplete",
    requestURI: "/api/v1/namespaces/demo/things/planted",
    verb: "create",
    user: {
      username: random.pick(["alice", "bob", "system:serviceaccount:demo:app"]),
      groups: ["system:authenticated"],
    },
    sourceIPs: ["10.0.0.1"],
    userAgent: "kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12",
    responseStatus: { code: 200 },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: { "authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "" },
    ...named(parts, `planted-${at % OBJECTS}`),
  };
  return { auditID, event };
}

/** Whether a text shows one of the secrets, however it is wrapped, escaped or encoded. */
export function shows(text: string, planted: Pick<Planted, "secrets">): boolean {
  return isIn(denseText(text), planted);
}

/** Without spaces and line breaks: secrets are wrapped where a line ends. */
export function denseText(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

export function isIn(dense: string, { secrets }: Pick<Planted, "secrets">): boolean {
  return formsOf(secrets).some((form) => dense.includes(form));
}

function formsOf(secrets: readonly string[]): readonly string[] {
  const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
  const forms = secrets.flatMap((secret) => {
    const once = escaped(secret);
    const twice = escaped(once);
    return [secret, encodeURIComponent(secret), once, twice, escaped(twice)];
  });
  return [...new Set(forms.map(denseText))];
}

/** Every secret is at least so long. */
const SHORTEST = 6;

/** Looks for many secrets at once: one pass over the text. */
export function finderOf<P extends Pick<Planted, "secrets">>(planted: readonly P[]): (dense: string) => ReadonlySet<P> {
  const byStart = new Map<string, { readonly form: string; readonly one: P }[]>();
  for (const one of planted)
    for (const form of formsOf(one.secrets)) {
      const start = form.slice(0, SHORTEST);
      byStart.set(start, [...(byStart.get(start) ?? []), { form, one }]);
    }
  return (dense) => {
    const found = new Set<P>();
    for (let at = 0; at < dense.length; at += 1)
      for (const { form, one } of byStart.get(dense.slice(at, at + SHORTEST)) ?? [])
        if (!found.has(one) && dense.startsWith(form, at)) found.add(one);
    return found;
  };
}
