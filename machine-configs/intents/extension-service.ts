import { extensionServiceConfig } from "../documents/extension-service-config";
import type { Intent } from "../intent";

export interface ExtensionServiceProps {
  /** The service's name, which its extension gives, such as `nut-client`. */
  readonly name: string;
  /** Content of files by the path where the service reads them. @default - none */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * Variables of the service's environment, often keys such as `TS_AUTHKEY`. Such a value is a secret: nobody can tell
   * that it is one, so take it from a sensitive Terraform variable.
   *
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * What the service of a system extension is told, without which many of them do not start. The extension itself is part
 * of the image. The service restarts with a change.
 */
export function extensionService({ name, files = {}, environment = {} }: ExtensionServiceProps): Intent {
  const configFiles = Object.entries(files).map(([mountPath, content]) => ({ mountPath, content }));
  const variables = Object.entries(environment).map(([variable, value]) => `${variable}=${value}`);
  return {
    name: "extensionService",
    documents: () => [
      extensionServiceConfig.build({
        name,
        configFiles: configFiles.length === 0 ? undefined : configFiles,
        environment: variables.length === 0 ? undefined : variables,
      }),
    ],
  };
}
