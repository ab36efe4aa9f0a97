import { LeftToMesheryctl } from "../../../login/elsewhere.js";

/** `system token set`: known, and left to mesheryctl. */
export default class SystemTokenSet extends LeftToMesheryctl {
  static override summary = "Leave setting the token entry of a context to mesheryctl.";
  static override examples = [
    "<%= config.bin %> system token set",
    "<%= config.bin %> system token set NAME",
  ];
}
