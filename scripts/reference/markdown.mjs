/**
 * The text of a doc comment's nodes as Markdown.
 *
 * @param link - Gives the Markdown for a link to a declaration, by its dotted name.
 */
export function markdownOf(node, link) {
  if (node === undefined) return "";
  const inside = () =>
    node
      .getChildNodes()
      .map((child) => markdownOf(child, link))
      .join("");
  switch (node.kind) {
    case "PlainText":
      return node.text;
    case "EscapedText":
      return node.decodedText;
    case "SoftBreak":
      return " ";
    case "CodeSpan":
      return `\`${node.code}\``;
    case "FencedCode":
      return `\n\n\`\`\`${node.language}\n${node.code}\`\`\`\n\n`;
    case "LinkTag":
      return link(node);
    case "Paragraph":
      return `${inside().replace(/ {2,}/g, " ").trim()}\n\n`;
    default:
      return inside();
  }
}

/** The blocks of a doc comment as Markdown: `summary`, `remarks`, `returns`, `params`, `throws` and `examples`. */
export function blocksOf(comment, link) {
  if (comment === undefined)
    return { summary: "", remarks: "", returns: "", params: [], throws: [], examples: [] };
  const text = (node) =>
    markdownOf(node, link)
      .replace(/\n{3,}/g, "\n\n")
      .trim();
  const custom = (tag) =>
    comment.customBlocks
      .filter(({ blockTag }) => blockTag.tagNameWithUpperCase === tag)
      .map(({ content }) => text(content));
  return {
    summary: text(comment.summarySection),
    remarks: text(comment.remarksBlock?.content),
    returns: text(comment.returnsBlock?.content),
    params: comment.params.blocks.map(({ parameterName, content }) => ({
      name: parameterName,
      text: text(content),
    })),
    throws: custom("@THROWS"),
    examples: custom("@EXAMPLE"),
  };
}
