import { string } from "@oclif/core/args";

/** The argument of the commands that work on saved settings. */
export const NAME_ARG = {
  name: string({
    description: "The name that the settings were saved under.",
    required: true,
    ignoreStdin: true,
  }),
};
