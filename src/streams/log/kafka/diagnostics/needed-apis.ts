import { requests } from 'kafkajs/src/protocol/requests/index.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';

/** Versions of one of the protocol's requests, both ends included. */
export interface VersionRange {
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** What a broker offers, by the number of the request. */
export type OfferedVersions = Readonly<Record<number, VersionRange | undefined>>;

/** A request that the broker does not answer in a version that is spoken here. */
export interface VersionMismatch {
  readonly request: string;
  /** Undefined where the broker does not know the request at all. */
  readonly offered: VersionRange | undefined;
  readonly needed: VersionRange;
}

/** Fetches are written and read here, in this version alone; Kafka has it since 2.3. */
const FETCH_VERSION = 11;
/** Topics are looked up in this version alone. */
const METADATA_VERSION = 6;

/** What the adapter asks of brokers, in the words of the protocol. */
const asked = [
  ...['Produce', 'Fetch', 'ListOffsets', 'Metadata', 'GroupCoordinator', 'JoinGroup', 'SyncGroup', 'Heartbeat'],
  ...['LeaveGroup', 'InitProducerId', 'AddPartitionsToTxn', 'AddOffsetsToTxn', 'TxnOffsetCommit', 'EndTxn'],
  ...['CreateTopics', 'DeleteTopics', 'DeleteRecords', 'DescribeConfigs', 'DescribeGroups'],
] as const;

/** The requests that a broker with these versions would refuse: one that is too old, or too new. */
export function versionMismatches(offers: OfferedVersions): readonly VersionMismatch[] {
  return asked.flatMap((request) => {
    const needed = neededVersions(request);
    const offered = offers[apiKeys[request] ?? -1];
    const isSpoken =
      offered !== undefined && offered.minVersion <= needed.maxVersion && offered.maxVersion >= needed.minVersion;
    return isSpoken ? [] : [{ request, offered, needed }];
  });
}

function neededVersions(request: (typeof asked)[number]): VersionRange {
  if (request === 'Fetch') return { minVersion: FETCH_VERSION, maxVersion: FETCH_VERSION };
  const spoken = (requests[request]?.versions ?? []).map(Number);
  return {
    minVersion: request === 'Metadata' ? METADATA_VERSION : Math.min(...spoken),
    maxVersion: Math.max(...spoken),
  };
}
