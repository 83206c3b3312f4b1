/* What of WebAssembly is used: it belongs to JavaScript's hosts, and TypeScript has it with the browser's types alone. */

declare namespace WebAssembly {
  const Module: new (bytes: Uint8Array) => object;
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: object, imports: Readonly<Record<string, never>>);
  }
}
