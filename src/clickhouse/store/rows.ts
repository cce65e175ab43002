import { actorClassOf } from "../../events/actor-class.ts";
import type { RequestFacts } from "../../events/request.ts";
import { LEVELS, type Level, STAGES, type Stage } from "../../events/vocabulary.ts";
import type { RowOrder, RowsQuery, RowsResult } from "../../queries/contract.ts";
import { microsOf } from "../sql/columns.ts";
import { columnOf } from "../table/columns.ts";
import { dimensionSql } from "../sql/dimensions.ts";
import type { FigureRow } from "../sql/figures.ts";
import { SqlParams } from "../sql/params.ts";
import { ID, keptSql, selectedSql } from "../sql/source.ts";
import type { Asked } from "./asked.ts";

const DEFAULT_PAGE = 100;

/** A page of requests; `columns` of each, besides its id. */
export async function pageOf(
  asked: Asked,
  query: RowsQuery,
  columns: readonly string[],
): Promise<RowsResult<FigureRow>> {
  const { anchor = "newest", position } = query;
  const order = new PageOrder(query);
  const params = new SqlParams();
  const selected = selectedSql(asked.source, query, asked.time, params);
  const isAnchored = position === undefined && typeof anchor === "object";
  const place = isAnchored ? await order.placeOf(asked, anchor.seq, params) : null;
  const [counted] = await asked.rows(
    `SELECT count() AS total${place === null ? "" : `, countIf(${place}) AS place`} FROM ${selected}`,
    params,
  );
  const total = Number(counted?.["total"] ?? 0);
  const last = Math.max(0, total - 1);
  const at =
    position !== undefined
      ? Math.min(last, Math.max(0, Math.floor(position)))
      : anchor === "newest"
        ? last
        : Number(counted?.["place"] ?? 0);
  const isNewest = position === undefined && anchor === "newest";
  const before = query.before ?? (isNewest ? DEFAULT_PAGE : 0);
  const after = query.after ?? (isNewest ? 1 : DEFAULT_PAGE);
  const first = Math.max(0, at - before);
  const length = Math.max(0, Math.min(total, at + after) - first);
  if (length === 0) return { total, first, at, rows: [] };
  // From whichever end is nearer.
  const isBackwards = first + length / 2 > total / 2;
  const rows = await asked.rows(
    `SELECT ${[`${ID} AS id`, ...columns].join(", ")} FROM ${selected} ORDER BY ${order.sql(isBackwards, params)}` +
      ` LIMIT ${length} OFFSET ${isBackwards ? total - first - length : first}`,
    params,
  );
  return { total, first, at, rows: isBackwards ? rows.toReversed() : rows };
}

/** A total order of requests: by one value, rows without it last either way, equal ones by time received and arrival. */
class PageOrder {
  private readonly order: RowOrder | "arrival";
  private readonly isReversed: boolean;

  constructor({ order = "arrival", reverse = false }: RowsQuery) {
    this.order = order;
    this.isReversed = reverse;
  }

  /** What stands behind ORDER BY. */
  sql(isBackwards: boolean, params: SqlParams): string {
    return this.parts(params)
      .map(({ sql, isFalling }) => `${sql} ${isFalling === isBackwards ? "ASC" : "DESC"}`)
      .join(", ");
  }

  /** Condition of rows that stand ahead of this one, whether it matches or not; null when it is not kept. */
  async placeOf(asked: Asked, seq: number, params: SqlParams): Promise<string | null> {
    if (this.order === "arrival") return `${ID} < ${params.integer(seq)}`;
    const parts = this.parts(params);
    const own = new SqlParams();
    const columns = this.parts(own).map(({ sql }, at) => `${sql} AS part${at}`);
    const [row] = await asked.rows(
      `SELECT ${columns.join(", ")} FROM ${keptSql(asked.source, own)} AND ${ID} = ${own.integer(seq)}`,
      own,
    );
    if (row === undefined) return null;
    let condition = "0";
    for (const [at, { sql, isFalling }] of [...parts.entries()].reverse()) {
      const value = row[`part${at}`];
      const place =
        typeof value === "string" && at === 1 && this.isText ? params.text(value) : params.number(Number(value));
      condition = `${sql} ${isFalling ? ">" : "<"} ${place} OR (${sql} = ${place} AND (${condition}))`;
    }
    return condition;
  }

  private get isText(): boolean {
    return !["arrival", "received", "latency", "code", "bytes"].includes(this.order);
  }

  private parts(params: SqlParams): readonly { readonly sql: string; readonly isFalling: boolean }[] {
    const rising = (sql: string): { sql: string; isFalling: boolean } => ({ sql, isFalling: false });
    const arrival = rising(ID);
    if (this.order === "arrival") return [arrival];
    const us = microsOf("received");
    const { value, isMissing } = this.value(params);
    return [
      rising(`toUInt8(${isMissing})`),
      { sql: value, isFalling: this.isReversed },
      rising(`toUInt8(${us} = 0)`),
      rising(us),
      arrival,
    ];
  }

  private value(params: SqlParams): { readonly value: string; readonly isMissing: string } {
    const { order } = this;
    switch (order) {
      case "arrival":
        return { value: ID, isMissing: "0" };
      case "received":
        return { value: microsOf("received"), isMissing: `${microsOf("received")} = 0` };
      case "latency": {
        const hasNone = "NOT ended OR latency_us < 0";
        return { value: `if(${hasNone}, 0, latency_us)`, isMissing: hasNone };
      }
      case "bytes":
        return { value: "bytes", isMissing: "0" };
      case "code":
        return { value: "code", isMissing: "code = 0" };
      default: {
        const value = `toString(${dimensionSql(order, params)})`;
        return { value, isMissing: `${value} = ''` };
      }
    }
  }
}

/** Texts of a request's facts, called as their columns. */
const TEXTS = [
  "verb",
  "user",
  "asFrom",
  "resource",
  "subresource",
  "namespace",
  "name",
  "uid",
  "reason",
  "ip",
  "useragent",
  "decision",
  "authReason",
  "uri",
  "apiserver",
] as const satisfies readonly (keyof RequestFacts)[];

/** What factsOf reads. */
export const FACT_COLUMNS: readonly string[] = [
  ...TEXTS.map(columnOf),
  "audit_id",
  `${microsOf("received")} AS received_us`,
  `${microsOf("stage_time")} AS stage_us`,
  "toString(stage) AS stage_name",
  "toString(level) AS level_name",
  "code",
  "groups",
  "source_ips",
  "annotations",
  "annotations_json",
  "latency_us",
  "ended",
  "long",
  "input",
  "offset",
  "bytes",
];

/** `isCutOff`: whether an API server will never answer what it received then. */
export function factsOf(row: FigureRow, isCutOff: (apiserver: string, receivedUs: number) => boolean): RequestFacts {
  const text = (column: string): string => String(row[column] ?? "");
  const time = (column: string): number => Number(row[column]) || Number.NaN;
  const texts = Object.fromEntries(TEXTS.map((fact) => [fact, text(columnOf(fact))])) as Record<
    (typeof TEXTS)[number],
    string
  >;
  const receivedUs = time("received_us");
  const hasEnded = isTrue(row["ended"]);
  const cutOff = !hasEnded && isCutOff(texts.apiserver, receivedUs);
  const latencyUs = Number(row["latency_us"]);
  const code = Number(row["code"]);
  const annotations = annotationsOf(row);
  return {
    ...texts,
    seq: Number(row["id"]),
    auditID: "",
    receivedUs,
    stageUs: time("stage_us"),
    latencyMs: hasEnded && latencyUs >= 0 ? latencyUs / 1000 : null,
    stage: STAGES.find((stage) => stage === row["stage_name"]) ?? ("" as Stage | ""),
    level: LEVELS.find((level) => level === row["level_name"]) ?? ("" as Level | ""),
    groups: row["groups"] as readonly string[],
    code: code === 0 ? null : code,
    sourceIPs: row["source_ips"] as readonly string[],
    annotations,
    actorClass: actorClassOf(texts.user),
    longRunning: isTrue(row["long"]),
    inFlight: !hasEnded && !cutOff,
    cutOff,
    bodiesTruncated: annotations["audit.k8s.io/truncated"] === "true",
    source: { path: text("input"), offset: Number(row["offset"]), bytes: Number(row["bytes"]) },
  };
}

/** A UInt8, or a Bool. */
function isTrue(value: unknown): boolean {
  return value === true || Number(value) === 1;
}

function annotationsOf(row: FigureRow): Readonly<Record<string, string>> {
  const annotations: Record<string, string> = Object.create(null) as Record<string, string>;
  const json = row["annotations_json"];
  const told = (typeof json === "string" && json !== "" ? JSON.parse(json) : row["annotations"]) as Readonly<
    Record<string, unknown>
  >;
  for (const [key, value] of Object.entries(told)) {
    annotations[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return annotations;
}
