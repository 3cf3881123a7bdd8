/** Light and dark: what the reader chose, or else what the system asks for; paper is always light. */

const CHOICES = ["auto", "light", "dark"];

/** @typedef {ReturnType<typeof themes>} Theme */

/** Follow the system until the reader chooses; the page's root carries the theme in `data-theme`. */
export function themes() {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const listeners = [];
  let choice = "auto";
  let onPaper = false;
  const name = () => (onPaper ? "light" : choice === "auto" ? (dark.matches ? "dark" : "light") : choice);
  const apply = () => {
    root.dataset.theme = name();
    for (const listener of listeners) listener(name());
  };
  dark.addEventListener("change", apply);
  apply();
  return {
    /** What was chosen: auto, light or dark. */
    choice: () => choice,
    /** What is shown: light or dark. */
    name,
    /** @param {string} next */
    use: (next) => {
      choice = CHOICES.includes(next) ? next : "auto";
      apply();
    },
    /** Be light while on paper. @param {boolean} on */
    paper: (on) => {
      onPaper = on;
      apply();
    },
    /** Be told when colours change, also when the page goes to paper. @param {(name: string) => void} listener */
    onChange: (listener) => void listeners.push(listener),
  };
}
