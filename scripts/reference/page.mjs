import { toMeshauthError } from "@meshauth/core";
import { isProviderError, PROVIDER_API, ProviderError } from "@meshauth/provider-api";
import { GROUPS } from "./groups.mjs";
import { blocksOf } from "./markdown.mjs";
import { signatureOf, sourceOf, unionOf } from "./signature.mjs";

/** The name of the symbols by which errors are known. It is nobody's to use. */
const BRAND = "brand";

/**
 * The page about the contract.
 *
 * @param entries - What `extract` gives.
 * @param orderOf - Gives the names of a declaration's members in the order of the source.
 * @throws when something public has no place on the page, or a link leads nowhere.
 */
export function pageOf(entries, orderOf) {
  const items = new Map();
  // What an entry only mentions is exported by the first one.
  for (const { members } of [...entries].reverse()) {
    for (const item of members) if (item.displayName !== BRAND) items.set(item.displayName, item);
  }
  const listed = GROUPS.flatMap(({ names }) => names);
  const missing = [...items.keys()].filter((name) => !listed.includes(name));
  const gone = listed.filter((name) => !items.has(name));
  if (missing.length + gone.length > 0) {
    throw new Error(
      `groups.mjs: without a place: ${missing.join(", ") || "none"}; gone: ${gone.join(", ") || "none"}.`,
    );
  }
  const contents = GROUPS.map(
    ({ title, names }) => `- [${title}](#${anchor(title)}): ${names.map((name) => linkTo(name)).join(", ")}`,
  );
  const groups = GROUPS.map(({ title, text, names }) =>
    [`## ${title}`, text, ...names.map((name) => itemText(items.get(name), orderOf))]
      .filter(Boolean)
      .join("\n\n"),
  );
  return `${[
    `# The provider contract, version ${PROVIDER_API.major}.${PROVIDER_API.minor}`,
    INTRODUCTION,
    contents.join("\n"),
    ...groups,
  ].join("\n\n")}\n`;

  function link({ codeDestination, linkText }) {
    const names =
      codeDestination?.memberReferences.map(({ memberIdentifier }) => memberIdentifier.identifier) ?? [];
    return checked(names.join("."), linkText);
  }

  /** Comments inside of a type are not parsed by API Extractor. */
  function linked(text) {
    return text.replace(/\{@link ([\w.]+)\}/g, (_, name) => checked(name));
  }

  function checked(name, text = name) {
    const [first, second] = name.split(".");
    const item = items.get(first);
    const found = second === undefined || item?.members.some(({ displayName }) => displayName === second);
    if (item === undefined || !found)
      throw new Error(`A doc comment links to ${name}, which is not on the page.`);
    return linkTo(first, text);
  }

  function itemText(item, order) {
    const blocks = blocksOf(item.tsdocComment, link);
    return [
      `### ${item.displayName}`,
      blocks.summary,
      ...bodyOf(item, order),
      ...detailsOf(blocks),
      ...blocks.examples.map((text) => `Example:\n\n${text}`),
    ]
      .filter(Boolean)
      .join("\n\n");
  }

  function bodyOf(item, order) {
    switch (item.kind) {
      case "Interface":
      case "Class": {
        const base = /\bextends (\w+)/.exec(sourceOf(item))?.[1];
        const names = order(item);
        const rank = (member) => (member.kind === "Constructor" ? -1 : names.indexOf(member.displayName));
        const members = [...item.members].sort((a, b) => rank(a) - rank(b));
        const more = items.has(base) ? `All of ${linkTo(base)}, and:` : "";
        return [more, members.map((member) => memberText(member, item)).join("\n\n")];
      }
      case "TypeAlias":
        return [aliasText(item)];
      default:
        return [`\`\`\`ts\n${signatureOf(item)}\n\`\`\``];
    }
  }

  function memberText(member, owner) {
    const signature =
      member.kind === "Constructor"
        ? signatureOf(member).replace("constructor", `new ${owner.displayName}`)
        : signatureOf(member);
    const blocks = blocksOf(member.tsdocComment, link);
    const lines = [blocks.summary, ...detailsOf(blocks), ...blocks.examples].filter(Boolean);
    return [`- ${codeSpan(signature)}`, ...lines.map((text) => indented(text))].join("\n\n");
  }

  function aliasText(item) {
    const members = unionOf(item);
    if (members.every(({ comment }) => comment === "")) return `\`\`\`ts\n${signatureOf(item)}\n\`\`\``;
    if (item.displayName === "ProviderErrorCode") return errorTable(members);
    const entries = members.map(({ type, comment }) =>
      [`- ${codeSpan(type)}`, indented(linked(comment))].join("\n\n"),
    );
    return `One of:\n\n${entries.join("\n\n")}`;
  }

  function errorTable(members) {
    const rows = members.map(({ type, comment }) => {
      const error = new ProviderError(JSON.parse(type), "");
      if (!isProviderError(error)) throw new Error("An error of the contract is none.");
      const { code, exitCode } = toMeshauthError(error);
      return `| \`${type}\` | ${linked(comment)} | [\`${code}\`](errors.md#${code.toLowerCase()}) | ${exitCode} |`;
    });
    return ["| code | meaning | reported as | exit code |", "| --- | --- | --- | --- |", ...rows].join("\n");
  }
}

function detailsOf({ remarks, params, returns, throws }) {
  return [
    remarks,
    params.map(({ name, text }) => `- \`${name}\`: ${text}`).join("\n"),
    returns && `Returns: ${returns}`,
    ...throws.map((text) => `Throws: ${text}`),
  ];
}

function linkTo(name, text = name) {
  return `[\`${text}\`](#${anchor(name)})`;
}

/** The anchor that GitHub gives a heading. */
function anchor(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** Code in a line, whatever is in it. */
function codeSpan(text) {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function indented(text) {
  return text.replace(/^(?=.)/gm, "  ");
}

const INTRODUCTION = `What a provider package and \`meshauth\` may expect of each other. A provider package is an npm package with a
[manifest](#the-manifest) in its \`package.json\` and, for each of its providers, a module that exports a
[provider object](#the-provider-object).

[The guide](provider-guide.md) makes one step by step; [the page about security](provider-security.md) says what a
provider is trusted with. \`@meshauth/provider-api\` holds the types and functions below and has no dependencies; its types
need those of Node (\`@types/node\`). A package in plain JavaScript need not import it at all: everything is told by its
shape.

Texts that are shown are sentences. Times are text as in RFC 3339 where they are stored, and milliseconds where something
waits. What is optional is left out, not \`undefined\` or \`null\`.

This page is generated from the doc comments in \`packages/provider-api/src\` by \`npm run reference\`.`;
