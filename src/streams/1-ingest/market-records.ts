import type { QuoteHeaders } from '../2-bronze/raw-quote.ts';
import { HotDealer } from '../hot-keys/hot-dealer.ts';
import type { OutputRecord } from '../log/log.ts';
import { partitionOf } from '../log/partition-of.ts';
import { createPartitioner } from '../log/partitioner.ts';
import { inNamespace, topics } from '../topics.ts';
import type { IngestOptions } from './ingest-source.ts';

export type MarketRecordsOptions = Pick<IngestOptions, 'namespace' | 'partitions' | 'spread'>;

/** Makes the records of `coingecko.markets`: the coin's id is the key, and its hash names the partition. */
export class MarketRecords {
  private readonly topic: string;
  private readonly partitions: number;
  private readonly partitionOfCoin: (coinId: string) => number;

  private readonly dealer: HotDealer | undefined;

  /** `spread`: the quotes of hot coins are dealt out over all partitions. */
  constructor({ namespace, partitions, spread = false }: MarketRecordsOptions) {
    this.dealer = spread ? new HotDealer(partitions) : undefined;
    this.topic = inNamespace(namespace, topics.markets.name);
    this.partitions = partitions;
    this.partitionOfCoin = createPartitioner(partitions);
  }

  /** A quote without a coin id gets no key, and the partition that the hash of its bytes names: stage 1 rejects it. */
  record(coinId: string | undefined, value: Buffer, headers: QuoteHeaders & OutputRecord['headers']): OutputRecord {
    const partition =
      coinId === undefined
        ? partitionOf(value, this.partitions)
        : (this.dealer?.deal(coinId) ?? this.partitionOfCoin(coinId));
    return { topic: this.topic, partition, key: coinId ?? null, value, headers };
  }
}
