import type { CliCommand } from "../contract.ts";
import { LOOKED_AT } from "./info.ts";
import { TABLE_FORMATS } from "../output.ts";

/** What `ktrail FILE` does on a terminal. Without one, main prints the overview instead. */
export const explorer: CliCommand = {
  name: "",
  about: "explore Kubernetes audit logs in the terminal",
  operands: [],
  options: [
    "follow",
    "query",
    "since",
    "until",
    "namespace",
    "output",
    "capacity",
    "memory",
    "tail",
    "format",
    "exec",
    "store",
    "passwordFile",
    "tz",
    "color",
    "ascii",
    "theme",
    "loFi",
    "config",
    "printConfig",
    "view",
    "views",
    "expected",
    "badAddresses",
    "policy",
    "existing",
    "noState",
    "mouse",
  ],
  outputs: TABLE_FORMATS,
  // The overview's.
  dimensions: () => LOOKED_AT,
  examples: [
    ["ktrail /var/log/kubernetes/audit/", "a directory: the logs in it, rotated ones merged by time"],
    ["ktrail -f /var/log/kubernetes/audit/audit.log", "live, across rotation"],
    ["ssh cp1 sudo tail -F /var/log/kubernetes/audit/audit.log | ktrail -", "live, from another machine"],
  ],
};
