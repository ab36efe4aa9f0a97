/** Terminals that show what they do not know, or misread it. */
const UNSAFE_TERM = /^(?:dumb|linux|ansi|unknown|vt\d|cons|sun|eterm|network)/;

/** GNU screen passes on strings of limited length only. */
const SCREEN_PIECE = 76;

/**
 * The control sequence that asks the terminal to copy a text (OSC 52 of xterm's control sequences). It reaches the
 * clipboard of the person's own machine over SSH, too. Within tmux and GNU screen it is wrapped so that they pass
 * it on.
 *
 * @returns `undefined` where the sequence could be shown instead of obeyed.
 */
export function copySequence(text: string, env: NodeJS.ProcessEnv): string | undefined {
  const term = env["TERM"] ?? "";
  const windows = Boolean(env["WT_SESSION"]);
  if (!windows && (term === "" || UNSAFE_TERM.test(term))) return undefined;
  const plain = `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
  // Which of the two tmux obeys is a matter of its settings (`set-clipboard`, `allow-passthrough`).
  if (env["TMUX"]) return `${plain}\u001bPtmux;${plain.replaceAll("\u001b", "\u001b\u001b")}\u001b\\`;
  if (env["STY"] || term.startsWith("screen")) {
    const pieces = plain.match(new RegExp(`[\\s\\S]{1,${SCREEN_PIECE}}`, "g")) ?? [];
    return pieces.map((piece) => `\u001bP${piece}\u001b\\`).join("");
  }
  return plain;
}
