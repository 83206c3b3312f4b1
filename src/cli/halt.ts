/** Collects the first error that ends the work for good. */
export interface Halt {
  readonly onHalt: (error: unknown) => void;
  /** Rejects with it; never resolves. */
  readonly halted: Promise<never>;
  /** Throws it, where there is one. */
  readonly check: () => void;
}

export function createHalt(): Halt {
  let first: { readonly error: unknown } | undefined;
  let reject: (error: unknown) => void = () => undefined;
  const halted = new Promise<never>((_, rejected) => (reject = rejected));
  // Whoever looks only when the work is over is no reason for an unhandled rejection.
  halted.catch(() => undefined);
  return {
    halted,
    onHalt(error) {
      first ??= { error };
      reject(error);
    },
    check() {
      if (first !== undefined) throw first.error;
    },
  };
}
