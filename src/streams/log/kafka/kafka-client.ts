import kafkajs, {
  type Admin,
  type Kafka,
  type KafkaConfig,
  type Producer,
  type ProducerConfig,
  type SASLOptions,
} from 'kafkajs';
import createAdmin from 'kafkajs/src/admin/index.js';
import Cluster from 'kafkajs/src/cluster/index.js';
import loggers from 'kafkajs/src/loggers/index.js';
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import createProducer from 'kafkajs/src/producer/index.js';
import type { SchedulerLike } from 'rxjs';
import { learnBrokersAlone } from './brokers-alone.ts';
import { Fetcher } from './fetcher.ts';
import { type Codec, registerCodecs } from './codecs.ts';

/** How to reach a cluster, and how to behave on it. */
export interface KafkaSettings {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly tls?: boolean;
  readonly sasl?: SASLOptions;
  readonly clientId?: string;
  /** What the records that are sent are compressed with. */
  readonly codec?: Codec;
  /** About how much of a partition one request asks for. */
  readonly fetchBytes?: number;
  /** Of the topics that are created; -1: the cluster's default. */
  readonly replicationFactor?: number;
}

/**
 * A broker that hangs keeps its connections and answers nothing; kafkajs asks the same one again until its picture of the
 * cluster is too old. With its defaults of 30 s and 5 min that held a partition up for 305 s.
 */
const REQUEST_TIMEOUT_MS = 8_000;
const METADATA_MAX_AGE_MS = 10_000;

type ProducerOptions = Pick<ProducerConfig, 'transactionalId' | 'transactionTimeout' | 'retry'>;

interface ClusterOptions {
  readonly retries?: number;
  readonly maxInFlightRequests?: number;
}

/** Connections to one cluster: kafkajs for what it does well, and its cluster layer for fetching. */
export class KafkaClient {
  readonly settings: KafkaSettings;
  readonly time: SchedulerLike;
  readonly kafka: Kafka;
  /** For consumers that are made of {@link kafka}. */
  readonly metadataMaxAgeMs = METADATA_MAX_AGE_MS;
  /** What is sent is compressed with it. */
  readonly codec: Codec;
  readonly #config: KafkaConfig;

  constructor(settings: KafkaSettings, time: SchedulerLike) {
    registerCodecs();
    this.settings = settings;
    this.codec = settings.codec ?? 'none';
    this.time = time;
    this.#config = {
      brokers: [...settings.brokers],
      clientId: settings.clientId ?? 'pulse',
      connectionTimeout: 3000,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Failures are told by whoever runs into them; kafkajs itself writes lines for what is normal at a start.
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { initialRetryTime: 50, maxRetryTime: 1000, multiplier: 1.5, retries: 12 },
      ...(settings.tls === true && { ssl: true }),
      ...(settings.sasl !== undefined && { sasl: settings.sasl }),
    };
    this.kafka = new kafkajs.Kafka(this.#config);
  }

  /** A fetcher with connections of its own: a broker answers the requests of one connection one after the other. */
  fetcher(): Fetcher {
    return new Fetcher(this.cluster(), this.time, this.settings.fetchBytes);
  }

  /** An admin client that asks about no topics but those it is to know of. */
  admin(): Admin {
    const { retry } = this.#config;
    return createAdmin({ retry, cluster: learnBrokersAlone(this.cluster()), logger: silent() });
  }

  /** An idempotent producer of records that are keyed as Java's are, which asks about no topics but those it writes to. */
  producer({ retry, ...options }: ProducerOptions): Producer {
    return createProducer({
      ...{ ...options, idempotent: true, createPartitioner: kafkajs.Partitioners.DefaultPartitioner },
      retry: { ...this.#config.retry, ...retry },
      cluster: learnBrokersAlone(this.cluster({ maxInFlightRequests: 1 })),
      logger: silent(),
    });
  }

  /** `retries` is for who would rather know at once than try for long. */
  cluster({ retries, maxInFlightRequests }: ClusterOptions = {}): Cluster {
    return new Cluster({
      ...this.#config,
      ...(retries !== undefined && { retry: { ...this.#config.retry, retries } }),
      ...(maxInFlightRequests !== undefined && { maxInFlightRequests }),
      logger: silent(),
      socketFactory: socketFactory(),
      allowAutoTopicCreation: false,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      isolationLevel: 0,
      // Without it, what is never answered is waited for for ever.
      enforceRequestTimeout: true,
    });
  }
}

function silent(): unknown {
  return loggers.createLogger({ level: kafkajs.logLevel.NOTHING, logCreator: () => () => undefined });
}
