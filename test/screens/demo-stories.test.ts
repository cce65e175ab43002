import { type DemoScreen, demoScreens, SIZES } from "../support/demo-screens.ts";

/** Questions one brings to a log, and the keys that answer them from the first screen. */
const SCREENS: readonly DemoScreen[] = [
  { name: "overview", keys: [], shows: /15\.\d% errors/ },
  { name: "top-users", keys: ["2"], shows: /system:serviceaccount:load:burst|…/ },
  { name: "who-causes-the-403s", keys: ["3", "j", "j", "j"], shows: /403.*traefik|traefik.*secrets/ },
  { name: "source-ips-of-the-401s", keys: ["3", "j", "j"], shows: /401/ },
  { name: "objects", keys: ["4"], shows: /860 objects/ },
  { name: "life-of-deployment-nginx", keys: ["4", "j", "j", "o"], shows: /nginx/ },
  { name: "raw-json-of-a-request-for-nginx", keys: ["4", "j", "j", "o", "y"], shows: /"auditID"|auditID/ },
  { name: "requests", keys: ["6"], shows: /1 of 8,819/ },
  { name: "request-card", keys: ["6", "G", "enter"], shows: /What happened/ },
  { name: "findings", keys: ["8"], shows: /✖ crit/ },
  { name: "inputs", keys: [":info\r"], shows: /audit\.log/ },
  { name: "help", keys: ["2", "?"], shows: /only in|go to/ },
];

demoScreens("questions to the bundled log", "demo", () => SIZES, SCREENS);
