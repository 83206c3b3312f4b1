/** As much of one of kafkajs's clients as is needed to be rid of it. */
interface Connected {
  disconnect(): Promise<void>;
}

/**
 * Disconnects at once, and again when the work that was under way has settled: where kafkajs tries something again, it
 * connects again, whoever has disconnected it meanwhile.
 */
export function disconnectAfter(client: Connected, work: Promise<unknown>): void {
  const disconnect = (): Promise<void> => client.disconnect().catch(() => undefined);
  void disconnect();
  void work.then(disconnect, disconnect);
}
