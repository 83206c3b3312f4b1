/* What of WebAssembly is used: it belongs to JavaScript's hosts, and TypeScript has it with the browser's types alone. */

declare namespace WebAssembly {
  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module, imports: Readonly<Record<string, never>>) => Instance & {
    readonly exports: Readonly<Record<string, unknown>>;
  };
  const Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
}
