/** Whether an image is named with its digest, so that it is the same one for ever: `registry/name:tag@sha256:…`. */
export function isPinnedImage(image: string): boolean {
  return /^[^\s@]+@sha256:[0-9a-f]{64}$/.test(image);
}
