// environment as ansi-escapes asks it: finding out by the real one loads Node's navigator.
export const isBrowser = false;
