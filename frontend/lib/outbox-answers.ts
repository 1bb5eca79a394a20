/** Values that an earlier command's answer will bring, such as the id of a photo that is still on the device. */

type Body = Record<string, unknown>;
/** Command id → result of the command, null until its answer has come. */
export type Answers = Record<string, unknown>;

const PLACEHOLDER = /^@answer:([^:]+):(\w+)$/;

/** Stand for a field of an earlier command's result. It is put in place before the later command is sent. */
export function answerOf(commandId: string, field: string): string {
  return `@answer:${commandId}:${field}`;
}

/** The commands whose results a body waits for, none of them known yet. */
export function awaitedBy(body: unknown): Answers {
  if (typeof body === "string") {
    const [, commandId] = PLACEHOLDER.exec(body) ?? [];
    return commandId ? { [commandId]: null } : {};
  }
  if (typeof body !== "object" || body === null) return {};
  return Object.assign({}, ...Object.values(body).map(awaitedBy)) as Answers;
}

/** The body with every known result in its place. */
export function fillIn(body: Body, answers: Answers): Body {
  const text = JSON.stringify(body, (_name, value: unknown) => {
    const [, commandId = "", field = ""] = (typeof value === "string" && PLACEHOLDER.exec(value)) || [];
    const result = answers[commandId] as Record<string, unknown> | null | undefined;
    return result ? result[field] : value;
  });
  return JSON.parse(text) as Body;
}
