/** The source text of a declaration. */
export function sourceOf(item) {
  return item.excerptTokens.map(({ text }) => text).join("");
}

/** A declaration in one line: without modifiers, comments and line breaks. */
export function signatureOf(item) {
  return oneLine(sourceOf(item).replace(/^(?:export |declare |default )+/, ""))
    .replace(/^(?:readonly|const) /, "")
    .replace(/;$/, "");
}

/**
 * The members of a union that a type alias stands for: the source of each in one line, and its comment. An alias of
 * anything else has one member.
 */
export function unionOf(item) {
  const text = sourceOf(item).replace(/;$/, "");
  const parts = split(text.slice(text.indexOf("=") + 1));
  // A comment stands before the bar, and belongs to what is behind it.
  const comments = parts.map(
    (part, index) => FIRST.exec(part)?.[1] ?? LAST.exec(parts[index - 1] ?? "")?.[1],
  );
  return parts
    .map((part, index) => ({ type: oneLine(part), comment: plain(comments[index]) }))
    .filter(({ type }) => type !== "");
}

const COMMENT = "\\/\\*\\*((?:(?!\\*\\/)[\\s\\S])*)\\*\\/";
const FIRST = new RegExp(`^\\s*${COMMENT}\\s*\\S`);
const LAST = new RegExp(`${COMMENT}\\s*$`);

/** Splits at the bars that are not inside of anything. */
function split(text) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (const { 0: found, index } of text.matchAll(/\/\*[\s\S]*?\*\/|"[^"]*"|=>|[{}()[\]<>|]/g)) {
    if ("{([<".includes(found)) depth += 1;
    else if ("})]>".includes(found)) depth -= 1;
    else if (found === "|" && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function oneLine(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\breadonly (?=[\w[]+\??:)/g, "")
    .replace(/\s+/g, " ")
    .replace(/;? \}/g, " }")
    .trim();
}

/** The text of a raw comment, in one line. */
function plain(raw = "") {
  return raw
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}
