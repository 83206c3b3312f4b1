/** What has changed since some moment, by key alone: values are looked up when they are sent, so that the latest wins. */
export class ChangeSet {
  /** Coins whose market row changed; true where its 24 hours did too. */
  readonly coins = new Map<string, boolean>();
  /** Hours that changed, by coin. */
  readonly hours = new Map<string, Set<number>>();
  /** Coins whose name was learnt. */
  readonly names = new Set<string>();
  status = false;
  /** The largest append time among the changes; 0 where there is none. */
  appendedAt = 0;

  coin(coin: string, spark: boolean): void {
    this.coins.set(coin, spark || (this.coins.get(coin) ?? false));
  }

  hour(coin: string, ts: number): void {
    const hours = this.hours.get(coin);
    if (hours === undefined) this.hours.set(coin, new Set([ts]));
    else hours.add(ts);
  }

  /** How many keys it holds: what it costs. */
  get size(): number {
    let size = this.coins.size + this.names.size + (this.status ? 1 : 0);
    for (const hours of this.hours.values()) size += hours.size;
    return size;
  }

  /** Takes in what changed in another one. */
  add(other: ChangeSet): void {
    for (const [coin, spark] of other.coins) this.coin(coin, spark);
    for (const [coin, hours] of other.hours) for (const ts of hours) this.hour(coin, ts);
    for (const coin of other.names) this.names.add(coin);
    this.status ||= other.status;
    this.appendedAt = Math.max(this.appendedAt, other.appendedAt);
  }
}
