import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { ApiModel } from "@microsoft/api-extractor-model";

/** What can be imported from the package, and the file of declarations behind it. */
export const ENTRIES = [
  { name: "provider-api", specifier: "@meshauth/provider-api", declarations: "dist/index.d.ts" },
  { name: "format", specifier: "@meshauth/provider-api/format", declarations: "dist/format/index.d.ts" },
];

/**
 * Messages of API Extractor that are defects of a doc comment. The others are about tags that are not used here, and
 * about links, which lead from one entry to the other.
 */
const DEFECTS = /^(?:ae-undocumented|tsdoc-.*)$/;

/**
 * Reads the built declarations of `@meshauth/provider-api`.
 *
 * @param {string} root - The checkout.
 * @param {string} work - A folder for what API Extractor writes: `NAME.api.md`, a report of all public types without
 *   comments, and `NAME.d.ts`, the same as one file of declarations.
 * @returns For each entry its name, its members as `ApiItem`s, its report, and what is wrong with the doc comments.
 */
export function extract(root, work) {
  const packageFolder = join(root, "packages/provider-api");
  mkdirSync(work, { recursive: true });
  return ENTRIES.map(({ name, specifier, declarations }) => {
    const model = join(work, `${name}.api.json`);
    const report = `${name}.api.md`;
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: packageFolder,
        mainEntryPointFilePath: join(packageFolder, declarations),
        compiler: {
          overrideTsconfig: { compilerOptions: compilerOptions(root), include: ["dist/**/*.d.ts"] },
        },
        apiReport: {
          includeForgottenExports: true,
          enabled: true,
          reportFileName: report,
          reportFolder: work,
          reportTempFolder: join(work, "temp"),
        },
        docModel: { enabled: true, apiJsonFilePath: model, includeForgottenExports: true },
        dtsRollup: { enabled: true, untrimmedFilePath: join(work, `${name}.d.ts`) },
        tsdocMetadata: { enabled: false },
        newlineKind: "lf",
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(packageFolder, "package.json"),
    });
    const defects = [];
    const { succeeded } = Extractor.invoke(config, {
      localBuild: true,
      messageCallback(message) {
        message.handled = true;
        const { messageId, text, sourceFilePath = "", sourceFileLine = 0 } = message;
        if (!DEFECTS.test(messageId)) return;
        defects.push({ messageId, text, where: `${sourceFilePath}:${sourceFileLine}` });
      },
    });
    if (!succeeded) throw new Error(`API Extractor could not read ${declarations}.`);
    const [entry] = new ApiModel().loadPackage(model).entryPoints;
    return {
      ...{ name, specifier, defects },
      members: entry.members,
      report: readFileSync(join(work, report), "utf8"),
    };
  });
}

function compilerOptions(root) {
  return {
    ...{ target: "es2023", lib: ["es2023"], module: "nodenext", moduleResolution: "nodenext" },
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true },
    ...{ types: ["node"], typeRoots: [join(root, "node_modules/@types")] },
  };
}
