import { LeftToMesheryctl } from "../../../login/elsewhere.js";

/** `system token create`: known, and left to mesheryctl. */
export default class SystemTokenCreate extends LeftToMesheryctl {
  static override summary = "Leave adding a token entry to mesheryctl.";
  static override examples = [
    "meshauth system token create",
    "meshauth system token create NAME -f auth.json",
  ];
}
