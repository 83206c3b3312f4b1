/** Calls back once what was changed before the next frame has been painted. */
export function afterPaint(painted: () => void): void {
  requestAnimationFrame(() => {
    // A message is delivered behind the frame that is being made.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      painted();
    };
    port2.postMessage(null);
  });
}
