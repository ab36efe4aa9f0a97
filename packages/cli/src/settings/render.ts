import { shownValue } from "../options/values.js";
import type { SavedSettings } from "./file.js";

/** The options of saved settings for people, one a line. */
export function optionLines({ options }: Pick<SavedSettings, "options">): string[] {
  return Object.entries(options).map(([name, value]) => `  ${name}: ${shownValue(value)}`);
}
