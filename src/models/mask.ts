import { parseJson } from "../events/json.ts";

/**
 * Audit bodies hold passwords, tokens and keys. Everything meant for people is masked unless asked: Secret data, tokens
 * that were issued or reviewed, private keys, kubeconfigs, and values of keys that name a secret. Keys stay readable.
 */

export const MASK = "[masked]";
/** The API server's decoder stops at 10,000 levels; people stop long before, and recursion must not overflow. */
const MAX_DEPTH = 200;

/** What the request was about, from objectRef: bodies of patches and lists don't always say. */
export interface MaskSubject {
  /** Plural without group: `secrets`, `serviceaccounts`. */
  readonly resource: string;
  readonly subresource: string;
}

const SECRET_KEY =
  /(?:^|[._-])(?:password|passwd|passphrase|pwd|token|secret|credentials?|api[._-]?key|access[._-]?key|private[._-]?key|secret[._-]?key|client[._-]?secret|bearer)$|(?:[a-z0-9](?:Password|Passwd|Passphrase|Token|Secret|ApiKey|APIKey|AccessKey|PrivateKey|SecretKey|Credentials))$/i;
/** Keys that end like a secret and hold none: names of Secrets, pagination. */
const NAME_OF_A_SECRET = /(?:^|[._-])(?:continue|imagePullSecret)$|(?:secret|token)[._-]?(?:name|ref)$/i;

// Starts are anchored and repeats bounded: a body of megabytes chosen by a stranger must not cost quadratic time.
const JWT = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const BEARER = /\b(Bearer|Basic) {1,4}[\w.~+/=-]{8,}/gi;
const PRIVATE_KEY = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g;
const BOOTSTRAP_TOKEN = /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g;
const KUBECONFIG_LINE =
  /^([ \t]{0,40}-?[ \t]{0,4}"?(?:token|password|client-key-data|id-token|refresh-token|access-token)"?:[ \t]{0,4}).*$/gm;
const FLAG = /(?<![\w-])(--?[\w-]{0,40}(?:password|passwd|token|secret|api-?key)(?:=| {1,4}))("[^"]*"|'[^']*'|\S+)/gi;
const URL_PASSWORD = /\b([a-z][a-z0-9+-]{0,20}:\/\/[^\s:/@]{0,256}:)[^\s@/]{1,256}@/gi;
const URI_PARAMETER = /([?&][^=&?\s]{0,40}(?:token|password|secret|api_?key)[^=&?\s]{0,40}=)[^&#\s]*/gi;
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Secrets inside one string: JWTs, private keys, bearer headers, kubeconfig lines, flags and URLs with passwords. */
export function maskText(text: string): string {
  if (text.length < 8) return text;
  let masked = text;
  if (masked.includes("eyJ")) masked = masked.replace(JWT, MASK);
  if (masked.includes("PRIVATE KEY-----")) masked = masked.replace(PRIVATE_KEY, `-----BEGIN $1----- ${MASK}`);
  if (/bearer|basic/i.test(masked)) masked = masked.replace(BEARER, `$1 ${MASK}`);
  if (masked.includes("://")) masked = masked.replace(URL_PASSWORD, `$1${MASK}@`);
  if (masked.includes("-")) masked = masked.replace(FLAG, `$1${MASK}`);
  if (masked.includes("users:") || masked.includes("client-key-data"))
    masked = masked.replace(KUBECONFIG_LINE, `$1${MASK}`);
  if (masked.includes("?")) masked = masked.replace(URI_PARAMETER, `$1${MASK}`);
  return masked;
}

/** Everything a leaf holds becomes the mask; keys and shape stay. */
function maskLeaves(value: unknown, depth: number): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (depth > MAX_DEPTH || typeof value !== "object" || isRaw(value)) return MASK;
  if (Array.isArray(value)) return value.map((item) => maskLeaves(item, depth + 1));
  return mapEntries(value, (_, item) => maskLeaves(item, depth + 1));
}

/** `__proto__` stays an own key: fromEntries defines, it does not assign. */
function mapEntries(value: object, change: (key: string, item: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(key, item)]));
}

function isRaw(value: object): boolean {
  return "isRawJSON" in JSON && (JSON as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

class Masker {
  private readonly subject: MaskSubject;

  constructor(subject: MaskSubject) {
    this.subject = subject;
  }

  body(body: unknown): unknown {
    const isSecret = this.subject.resource === "secrets";
    const isToken =
      (this.subject.resource === "serviceaccounts" && this.subject.subresource === "token") ||
      this.subject.resource === "tokenreviews";
    if (isSecret && Array.isArray(body)) return body.map((operation) => secretPatch(operation));
    return this.value(body, "", 0, { isSecret, isToken });
  }

  field(key: string, value: unknown): unknown {
    return this.value(value, key, 0, { isSecret: false, isToken: false });
  }

  private value(value: unknown, key: string, depth: number, inside: { isSecret: boolean; isToken: boolean }): unknown {
    if (typeof value === "string") return this.text(value, key, inside);
    if (value === null || typeof value !== "object" || isRaw(value)) return value;
    if (depth > MAX_DEPTH) return `[nested deeper than ${MAX_DEPTH} levels]`;
    if (Array.isArray(value)) return value.map((item) => this.value(item, "", depth + 1, inside));
    return this.object(value as Record<string, unknown>, depth, inside);
  }

  private object(
    object: Record<string, unknown>,
    depth: number,
    outer: { isSecret: boolean; isToken: boolean },
  ): unknown {
    const kind = textOf(object["kind"]);
    const names = { isSecret: outer.isSecret, isToken: outer.isToken };
    if (/^(?:Secret|SecretList)$/.test(kind)) names.isSecret = true;
    if (/^(?:TokenRequest|TokenReview)$/.test(kind)) names.isToken = true;
    // A named value whose name says it is secret: container env, Helm set values, HTTP headers.
    const namesSecret = typeof object["name"] === "string" && isSecretKey(object["name"]);
    return mapEntries(object, (key, item) => {
      if (names.isSecret && (key === "data" || key === "stringData") && !isSecretList(kind)) return maskLeaves(item, 0);
      if (names.isToken && key === "token") return typeof item === "string" && item !== "" ? MASK : item;
      if (namesSecret && key === "value" && typeof item === "string") return MASK;
      return this.value(item, key, depth + 1, names);
    });
  }

  private text(text: string, key: string, inside: { isSecret: boolean }): string {
    if (text === "") return text;
    if (key === LAST_APPLIED) return this.embedded(text, inside.isSecret);
    if (isSecretKey(key)) return MASK;
    if (key === "requestURI" || key === "uri") return text.replace(URI_PARAMETER, `$1${MASK}`);
    const masked = maskText(text);
    return inside.isSecret ? masked.replace(BOOTSTRAP_TOKEN, MASK) : masked;
  }

  /** A whole object as a string inside an annotation. One that does not parse may be a Secret cut short. */
  private embedded(text: string, isSecret: boolean): string {
    try {
      return JSON.stringify(this.value(parseJson(text), "", 0, { isSecret, isToken: false }));
    } catch {
      return isSecret || /"kind"\s*:\s*"Secret"/.test(text) ? MASK : maskText(text);
    }
  }
}

const NO_SUBJECT = new Masker({ resource: "", subresource: "" });

function isSecretList(kind: string): boolean {
  return kind === "SecretList" || kind === "List";
}

function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key) && !NAME_OF_A_SECRET.test(key);
}

/** JSON Patch of a Secret: `{op, path: "/data/password", value}`. */
function secretPatch(operation: unknown): unknown {
  if (operation === null || typeof operation !== "object" || Array.isArray(operation)) return maskLeaves(operation, 0);
  return mapEntries(operation, (key, item) => (key === "value" ? maskLeaves(item, 0) : item));
}

/** A request or response body as it may be shown. The original is not changed. */
export function maskBody(body: unknown, subject: MaskSubject): unknown {
  return new Masker(subject).body(body);
}

/** A whole audit event as it may be shown: bodies, URI, annotations and what shippers put around it. */
export function maskEvent(event: unknown): unknown {
  if (event === null || typeof event !== "object" || Array.isArray(event)) return NO_SUBJECT.body(event);
  const reference = (event as Record<string, unknown>)["objectRef"];
  const named = (reference !== null && typeof reference === "object" ? reference : {}) as Record<string, unknown>;
  const subject: MaskSubject = { resource: textOf(named["resource"]), subresource: textOf(named["subresource"]) };
  const masker = new Masker(subject);
  return mapEntries(event, (key, item) => {
    if (key === "requestObject" || key === "responseObject") return masker.body(item);
    if (key === "annotations" && subject.resource === "secrets") return maskWebhookPatches(item);
    return NO_SUBJECT.field(key, item);
  });
}

/** Mutating webhooks record their patches in annotations, values included. */
function maskWebhookPatches(annotations: unknown): unknown {
  if (annotations === null || typeof annotations !== "object") return annotations;
  return mapEntries(annotations, (key, item) =>
    key.startsWith("patch.webhook.admission.k8s.io/") ? MASK : typeof item === "string" ? maskText(item) : item,
  );
}

/** Like JSON.parse, but numbers beyond 2^53 keep their digits. Throws SyntaxError. */
export function parseExact(text: string): unknown {
  if (!/\d{16}/.test(text)) return parseJson(text);
  const rawJSON = (JSON as { rawJSON?: (text: string) => unknown }).rawJSON;
  if (rawJSON === undefined) return parseJson(text);
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && context?.source !== undefined && String(value) !== context.source
      ? rawJSON.call(JSON, context.source)
      : value;
  return parseJson(text, reviver as (key: string, value: unknown) => unknown);
}
