/** How a block of commands is run. */
export interface Directions {
  /** It goes on while the following ones are run. */
  readonly background: boolean;
  /** Its last command ends with a failure. */
  readonly fails: boolean;
  /** It is typed by somebody who uses the package. */
  readonly user: boolean;
  /** What is typed when a question is asked. */
  readonly answer: string | undefined;
}

/** A command, and the lines that it prints; `…` stands for anything, in a line or for any number of lines. */
export interface Command {
  readonly text: string;
  readonly output: readonly string[];
}

/** A fenced block of a page, as what has to be done with it. */
export type Block = { readonly line: number } & (
  | { readonly kind: "commands"; readonly commands: readonly Command[]; readonly directions: Directions }
  /** A whole file. */
  | { readonly kind: "file"; readonly path: string; readonly content: string }
  /** A passage of a file that is there. */
  | { readonly kind: "excerpt"; readonly path: string; readonly content: string }
  /** A change of a file that is there. */
  | { readonly kind: "edit"; readonly path: string; readonly before: string; readonly after: string }
);

const BLOCK = /(?:^<!-- run: ([^>]*) -->\n\n)?^```(\S*)(?: (\S.*))?\n([\s\S]*?)^```$/gm;

/** The blocks of a page, in order. @throws for one that nothing can be done with. */
export function blocksOf(page: string): Block[] {
  return Array.from(
    page.matchAll(BLOCK),
    ({ 1: run, 2: language = "", 3: info = "", 4: content = "", index }) => {
      const line = page.slice(0, index).split("\n").length;
      const [word, path = word] = info.split(" ") as [string, string?];
      if (language === "console") return { line, kind: "commands", ...commandsOf(content, run) };
      if (path === "") throw new Error(`Line ${line}: a block of ${language} that belongs to no file.`);
      if (language === "diff") return { line, kind: "edit", path, ...editOf(content) };
      if (word === "excerpt") return { line, kind: "excerpt", path, content };
      return { line, kind: "file", path, content };
    },
  );
}

function commandsOf(content: string, run = ""): { commands: readonly Command[]; directions: Directions } {
  const commands: { text: string; output: string[] }[] = [];
  for (const line of content.trimEnd().split("\n")) {
    if (line.startsWith("$ ")) commands.push({ text: line.slice(2), output: [] });
    else if (commands.length > 0) commands.at(-1)?.output.push(line);
    else throw new Error(`A line that no command prints: ${line}`);
  }
  const words = run.split(", ").filter((word) => word !== "");
  const unknown = words.filter((word) => !/^(?:background|fails|user|answer \w+)$/.test(word));
  if (unknown.length > 0) throw new Error(`Not understood: ${unknown.join(", ")}`);
  return {
    commands,
    directions: {
      background: words.includes("background"),
      fails: words.includes("fails"),
      user: words.includes("user"),
      answer: words.find((word) => word.startsWith("answer "))?.slice("answer ".length),
    },
  };
}

function editOf(content: string): { before: string; after: string } {
  const lines = content.trimEnd().split("\n");
  const side = (mark: string) =>
    lines
      .filter((line) => !line.startsWith(mark))
      .map((line) => line.slice(1))
      .join("\n");
  return { before: side("+"), after: side("-") };
}

/** Whether what was printed is what the page says, an empty page saying nothing about it. */
export function isAsPrinted(output: readonly string[], printed: string): boolean {
  if (output.length === 0) return true;
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const lines = output.map((line) =>
    line === "…" ? "(?:.*\\n)*?" : `${line.split("…").map(literal).join(".*")}\\n`,
  );
  return new RegExp(`(?:^|\\n)${lines.join("")}`).test(`${printed}\n`);
}
