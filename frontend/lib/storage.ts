/** Ask the browser to keep this device's data. */

/**
 * Ask once, after sign-in, that unsent commands and keys are not thrown away when space runs short.
 *
 * Returns: true when the browser promises it. WebKit gives it to installed apps, so the screen asks to install.
 */
export async function persistStorage(storage: StorageManager | undefined = navigator.storage): Promise<boolean> {
  try {
    return (await storage?.persisted()) || ((await storage?.persist()) ?? false);
  } catch {
    return false;
  }
}
