/** Where the server says what a person should know; the composition root decides how. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
}

export const silent: Logger = { info: () => undefined, warn: () => undefined };
