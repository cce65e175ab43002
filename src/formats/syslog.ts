import type { Format } from "./contract.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const syslog: Format = {
  id: "syslog",
  title: "Syslog",
  docs: "Syslog messages (RFC 3164 and 5424) with an event each: lines, or frames that begin with their length (RFC 6587).",
  prefixes: [
    // `<134>Nov 20 14:02:11 cp1 kube-apiserver[812]: `; some relays write the time as RFC 3339.
    {
      pattern:
        /^(?:\d+ )?<\d{1,3}>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT\S+) (\S+) [^\s:]+: ?(?:@cee: ?)?$/,
    },
    // `<134>1 2026-11-20T14:02:11Z cp1 kube-apiserver 812 - - `
    { pattern: /^(?:\d+ )?<\d{1,3}>1 \S+ (\S+) .*$/ },
  ],
  samples: () => {
    const line = `<134>1 2026-11-20T14:02:11Z cp1 kube-apiserver 812 - - ${V1_LIST}`;
    const other = `<134>1 2026-11-20T14:02:11Z cp2 kube-apiserver 812 - [x@1 y="{\\"a\\":1}"] ${V1_CREATE}`;
    return [
      {
        name: "RFC 3164",
        text: `<134>Nov 20 14:02:11 cp1 kube-apiserver[812]: ${V1_LIST}\n`,
        events: 1,
        apiservers: ["cp1"],
      },
      { name: "RFC 5424", text: `${line}\n${other}\n`, events: 2, apiservers: ["cp1", "cp2"] },
      {
        name: "frames with their length, without newlines",
        text: `${line.length} ${line}${other.length} ${other}`,
        events: 2,
        apiservers: ["cp1", "cp2"],
      },
      {
        name: "frames that end in a newline",
        text: `${line.length + 1} ${line}\n${other.length + 1} ${other}\n`,
        events: 2,
      },
    ];
  },
};
