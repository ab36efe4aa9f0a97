import { type Draft, unusable } from "./drafts.js";
import { type ConfigModel, EMPTY_MODEL } from "./model.js";
import { isNothing } from "./nodes.js";
import { readModel } from "./read-model.js";
import { parseConfig } from "./yaml.js";

/** What a config file holds. */
export interface ConfigContent {
  readonly model: ConfigModel;
  readonly exists: boolean;
  /** Whether the file is there and says nothing. */
  readonly empty?: boolean;
  /** Why nothing in the file counts. */
  readonly problem?: Draft;
}

/** Reads the text of a config. */
export async function readText(text: string): Promise<ConfigContent> {
  const tree = await parseConfig(text);
  if (!("document" in tree)) {
    return { model: EMPTY_MODEL, exists: true, problem: unusable(tree.reason, tree.line) };
  }
  const model = readModel(tree);
  if (model.fatal) {
    return { model, exists: true, problem: unusable(model.fatal.message, model.fatal.line) };
  }
  const empty = isNothing(tree, tree.document.contents);
  return { model, exists: !empty, empty };
}
