import { LeftToMesheryctl } from "../../../login/elsewhere.js";

/** `system token create`: known, and left to mesheryctl. */
export default class SystemTokenCreate extends LeftToMesheryctl {
  static override summary = "Leave adding a token entry to mesheryctl.";
  static override examples = [
    "<%= config.bin %> system token create",
    "<%= config.bin %> system token create NAME -f auth.json",
  ];
}
