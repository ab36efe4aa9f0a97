import { createFileImport } from "./file-import.js";

export default createFileImport();
