import { LeftToMesheryctl } from "../../../login/elsewhere.js";

/** `system token delete`: known, and left to mesheryctl. */
export default class SystemTokenDelete extends LeftToMesheryctl {
  static override summary = "Leave removing a token entry to mesheryctl.";
  static override examples = ["meshauth system token delete", "meshauth system token delete NAME"];
}
