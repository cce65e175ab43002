// Ink's page about a failed component: the explorer prints the error when the terminal is back, and the page is gone with the screen.
// The real one makes a regular expression for each of Node's modules at every start.
export default function ErrorOverview() {
  return null;
}
