import { type DemoScreen, demoScreens } from "../support/demo-screens.ts";

const SIZES = [
  [80, 24],
  [120, 40],
] as const;

const SCREENS: readonly DemoScreen[] = [
  { name: "of-whom", keys: [":rights\r"], shows: /of which user/ },
  { name: "of-a-user", keys: ["2", "/user:bob@example.com\r", "R"], shows: /Least rights of user bob@example\.com/ },
  { name: "as-yaml", keys: [":rights bob@example.com\r", "v"], shows: /kind: ClusterRole/ },
  { name: "matrix", keys: [":matrix bob@example.com\r", "l"], shows: /›get/ },
  { name: "bindings", keys: [":bindings\r"], shows: /What bindings allowed/ },
  { name: "of-a-binding", keys: [":bindings\r", "j", "j", "enter"], shows: /Allowed by ClusterRoleBinding/ },
  {
    name: "binding-of-a-request",
    keys: ["6", "/user:bob@example.com verb:delete decision:allow\r", "A", "A"],
    shows: /Allowed by RoleBinding demo\/dev-team-edit/,
  },
];

demoScreens("rights, on the bundled log", "rights", () => SIZES, SCREENS);
