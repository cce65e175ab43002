import { type DemoScreen, demoScreens } from "../support/demo-screens.ts";

const SIZES = [
  [80, 24],
  [120, 40],
] as const;

const OPEN = ":policy fixtures/policies/usual.yaml\r";

const SCREENS: readonly DemoScreen[] = [
  { name: "fitting", keys: ["9"], shows: /Policy fitted to this log +keeps/ },
  { name: "fitting-as-yaml", keys: ["9", "V"], shows: /# Audit policy, suggested by ktrail/ },
  { name: "rules", keys: [OPEN], shows: /Policy fixtures\/policies\/usual\.yaml +keeps/ },
  { name: "lint", keys: [OPEN, "v"], shows: /managed-fields/ },
  { name: "lost", keys: [OPEN, "v", "v"], shows: /is None/ },
  { name: "users", keys: [OPEN, "v", "v", "v", "v"], shows: /system:apiserver/ },
  { name: "refused", keys: [":policy fixtures/policies/refused.yaml\r"], shows: /refuses this policy/ },
  { name: "missing", keys: [":policy none.yaml\r"], shows: /does not exist/ },
];

demoScreens("an audit policy, on the bundled log", "policy", () => SIZES, SCREENS);
