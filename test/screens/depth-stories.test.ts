import { type DemoScreen, demoScreens, twoOfAll } from "../support/demo-screens.ts";

/** Where time goes, what Events said, and how regularly clients call. */
const SCREENS: readonly DemoScreen[] = [
  { name: "latency", keys: ["7"], shows: /Latency by/ },
  { name: "latency-by-p99", keys: ["7", "s"], shows: /p99▼/ },
  { name: "slowest-lists-of-pods", keys: ["7", "enter"], shows: /Slowest requests/ },
  { name: "slowest-request-card", keys: ["7", "v", "enter"], shows: /What happened/ },
  { name: "layers-and-long-running", keys: ["7", "V"], shows: /apf-queue-wait|Long-running/ },
  { name: "latency-of-users", keys: ["7", "b", "u"], shows: /Latency by user/ },
  { name: "kubernetes-events", keys: ["0"], shows: /452 Events of/ },
  { name: "kubernetes-events-of-a-pod", keys: ["0", "/", "db-1", "enter"], shows: /find db-1/ },
  { name: "trail-of-a-warning", keys: ["0", "o"], shows: /Trail of/ },
  { name: "cadence-of-a-kubelet", keys: [":cadence system:node:worker-1\r"], shows: /~10\.2 s/ },
  { name: "cadence-by-object", keys: [":cadence system:node:worker-1\r", "v"], shows: /coordination|worker-1/ },
  { name: "cadence-from-top", keys: ["2", "j", "K"], shows: /Cadence of/ },
  { name: "coverage", keys: [":coverage\r"], shows: /API servers/ },
  { name: "coverage-answers", keys: [":coverage\r", "G"], shows: /Which layer was slow/ },
  { name: "compare", keys: [":compare\r"], shows: /load\/burst .*new/ },
  {
    name: "compare-latency-of-times",
    keys: [":compare 00:03..00:08 00:08..00:17 by verb,resource\r", "s", "s", "s", "s", "h"],
    shows: /by rate[^]*›A 00:03:00[^]*▼/,
  },
  { name: "compare-requests-of-a-side", keys: [":compare\r", "j", "enter"], shows: /job-controller/ },
  { name: "compare-wrong-side", keys: [":compare 00:03..00:08 b.log\r"], shows: /is no range of times/ },
  { name: "cadence-whose", keys: [":cadence\r"], shows: /of which client/ },
];

demoScreens("depth, on the bundled log", "depth", twoOfAll, SCREENS);
