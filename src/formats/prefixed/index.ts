import type { FormatDefinition } from "../contract.ts";
import { LineReader } from "../line-reader.ts";
import { detect } from "./detect.ts";
import { samples } from "./samples.ts";

export const prefixed: FormatDefinition = {
  id: "prefixed",
  title: "Events behind a prefix",
  docs: "One event a line behind a time, host or log prefix: container (CRI) logs, syslog, journald, oc adm node-logs.",
  samples,
  detect,
  open: (sink, baseOffset) => new LineReader(sink, baseOffset),
};
