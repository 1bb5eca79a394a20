/** The screens of a stop, brought with their styles when the first of them is opened. */

export async function loadAtStop() {
  const module = await import("../screens/at-stop");
  await module.styles();
  return module;
}
