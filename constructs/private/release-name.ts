/** Whether Helm takes a name for a release; its own objects append to it. */
export function isReleaseName(name: string): boolean {
  return name.length <= 53 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
}
