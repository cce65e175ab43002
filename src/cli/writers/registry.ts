import type { OutputFormat } from "../output.ts";
import type { Writer } from "./contract.ts";
import { csv } from "./csv.ts";
import { json } from "./json.ts";
import { jsonl } from "./jsonl.ts";
import { markdown } from "./markdown.ts";
import { raw } from "./raw.ts";
import { sarif } from "./sarif.ts";
import { table } from "./table.ts";
import { trace } from "./trace.ts";
import { yaml } from "./yaml.ts";

export const WRITERS: { readonly [K in OutputFormat]: Writer & { readonly id: K | string } } = {
  table,
  json,
  jsonl,
  csv,
  md: markdown,
  raw,
  yaml,
  sarif,
  trace,
};
