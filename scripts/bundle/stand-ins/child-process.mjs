// node:child_process for modules that import it and hardly ever use it.
const real = () => require("node:child_process/original");

export const execFileSync = (...args) => real().execFileSync(...args);
export const spawn = (...args) => real().spawn(...args);
export default { execFileSync, spawn };
