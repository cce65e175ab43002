import type { Format } from "./contract.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

export const journalShort: Format = {
  id: "journal-short",
  title: "Journal or syslog file, as text",
  docs: "Time, host and program before each event: journalctl -o short, short-iso, short-full, short-unix, and files like /var/log/syslog.",
  prefixes: [
    { pattern: /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? (\S+) [^\s:]+: $/ },
    { pattern: /^\d{4}-\d\d-\d\dT\S+ (\S+) [^\s:]+: $/ },
    { pattern: /^[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \S+ (\S+) [^\s:]+: $/ },
    { pattern: /^\d{10}\.\d{6} (\S+) [^\s:]+: $/ },
    { pattern: /^\[ *\d+\.\d{6}\] (\S+) [^\s:]+: $/ },
  ],
  samples: () => {
    const line = (time: string, event: string): string => `${time} cp1 kube-apiserver[812]: ${event}\n`;
    return [
      {
        name: "short",
        text: `-- Logs begin at Fri 2026-11-20 --\n${line("Nov 20 14:02:11", V1_LIST)}${line("Nov  2 14:02:11.123456", V1_CREATE)}`,
        events: 2,
        apiservers: ["cp1"],
      },
      { name: "short-iso", text: line("2026-11-20T14:02:11+0000", V1_LIST), events: 1, apiservers: ["cp1"] },
      { name: "short-full", text: line("Fri 2026-11-20 14:02:11 UTC", V1_LIST), events: 1, apiservers: ["cp1"] },
      { name: "short-unix", text: line("1795183331.123456", V1_LIST), events: 1, apiservers: ["cp1"] },
      { name: "short-monotonic", text: line("[    5.123456]", V1_LIST), events: 1, apiservers: ["cp1"] },
    ];
  },
};
