import { LeftToMesheryctl } from "../../../login/elsewhere.js";

/** `system token delete`: known, and left to mesheryctl. */
export default class SystemTokenDelete extends LeftToMesheryctl {
  static override summary = "Leave removing a token entry to mesheryctl.";
  static override examples = [
    "<%= config.bin %> system token delete",
    "<%= config.bin %> system token delete NAME",
  ];
}
