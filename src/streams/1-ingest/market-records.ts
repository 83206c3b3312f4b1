import type { QuoteHeaders } from '../2-bronze/raw-quote.ts';
import type { OutputRecord } from '../log/log.ts';
import { partitionOf } from '../log/partition-of.ts';
import { createPartitioner } from '../log/partitioner.ts';
import { inNamespace, topics, type Namespace } from '../topics.ts';

/** Makes the records of `coingecko.markets`: the coin's id is the key, and its hash names the partition. */
export class MarketRecords {
  private readonly topic: string;
  private readonly partitions: number;
  private readonly partitionOfCoin: (coinId: string) => number;

  constructor(namespace: Namespace, partitions: number) {
    this.topic = inNamespace(namespace, topics.markets.name);
    this.partitions = partitions;
    this.partitionOfCoin = createPartitioner(partitions);
  }

  /** A quote without a coin id gets no key, and the partition that the hash of its bytes names: stage 1 rejects it. */
  record(coinId: string | undefined, value: Buffer, headers: QuoteHeaders & OutputRecord['headers']): OutputRecord {
    const partition = coinId === undefined ? partitionOf(value, this.partitions) : this.partitionOfCoin(coinId);
    return { topic: this.topic, partition, key: coinId ?? null, value, headers };
  }
}
