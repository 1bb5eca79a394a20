/** The screen for a manager's code, fetched apart: few handovers need it. */
import { later } from "../parts/later";

export const managerCode = later(async () => (await import("./manager-code-screen")).ManagerCodeScreen);
