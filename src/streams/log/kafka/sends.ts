import type { Message } from 'kafkajs';
import type { OutputRecord } from '../log.ts';
import { partitionName } from './partition-name.ts';

/** Records for one partition, in the order given, small enough for one request. */
export interface Send {
  readonly topic: string;
  readonly partition: number;
  readonly messages: Message[];
}

/** A broker takes record batches of 1 MiB unless told otherwise; this leaves room for what encloses the records. */
const LARGEST_BYTES = 900_000;
const MOST_MESSAGES = 10_000;
/** About what a record takes besides its key, value and headers. */
const OVERHEAD_BYTES = 24;

/**
 * Shares records out to sends of one partition each. Never more: on a retry kafkajs skips a broker that has answered, so
 * that a partition which has moved to it meanwhile would never be sent (its issue 1303).
 */
export function sendsOf(records: readonly OutputRecord[]): readonly Send[] {
  const sends: Send[] = [];
  const open = new Map<string, { send: Send; bytes: number }>();
  for (const { topic, partition, key, value, headers } of records) {
    const message: Message = { partition, key, value, ...(headers && { headers }) };
    const bytes = sizeOf(key) + sizeOf(value) + headerBytes(headers) + OVERHEAD_BYTES;
    const name = partitionName({ topic, partition });
    const known = open.get(name);
    if (known !== undefined && known.bytes + bytes <= LARGEST_BYTES && known.send.messages.length < MOST_MESSAGES) {
      known.send.messages.push(message);
      known.bytes += bytes;
    } else {
      const send: Send = { topic, partition, messages: [message] };
      sends.push(send);
      open.set(name, { send, bytes });
    }
  }
  return sends;
}

const sizeOf = (bytes: Buffer | string | null): number =>
  bytes === null ? 0 : typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;

function headerBytes(headers: OutputRecord['headers']): number {
  let bytes = 0;
  for (const name in headers) bytes += name.length + sizeOf(headers[name] ?? null) + 4;
  return bytes;
}
