/**
 * The bytes of a stored record batch, little-endian; offsets within the batch are positions in bytes.
 *
 * ```
 *  0 u16 magic   2 u8 version   3 u8 flags   4 u32 CRC-32 of the flags and the bytes from 16 on
 *  8 f64 base offset (outside the CRC: it is known only in the transaction that appends the batch)
 * 16 f64 append time of the batch, ms since the epoch
 * 24 u32 number of records      28 u32 span: base offset + span = the offset after the batch
 * 32 index, 16 bytes a record:   u32 offset delta, u32 key size + 1, u32 value size + 1 (0: null), u32 header size
 *    [TIMES flag] append times, f64 a record
 *    payload, record after record: key, value, headers
 * ```
 *
 * Headers: u16 count, then for each u16 name size, name, u32 value size, value.
 *
 * Modelled on Kafka's record batch (its base offset lies outside the CRC for the same reason), with fixed-width sizes
 * in front instead of varints in between, so that a record is found without parsing those before it.
 */
export const layout = {
  magic: 0x5043,
  version: 1,
  /** Records carry append times of their own: batches of different times were merged by the log cleaner. */
  timesFlag: 1,
  flagsAt: 3,
  crcAt: 4,
  baseOffsetAt: 8,
  checkedFrom: 16,
  timestampAt: 16,
  countAt: 24,
  spanAt: 28,
  headerBytes: 32,
  indexEntryBytes: 16,
  timeBytes: 8,
} as const;

/**
 * A batch is closed before it grows beyond this (a single larger record gets a batch of its own): 8 pages of 4 KiB less
 * LMDB's page header, so that no page is partly filled. Measured at records of 850 bytes, CPU time for appending one:
 * 2.2 µs with 4 pages, 1.6 µs with 8, 2.0 µs with 16, 2.4 to 3.6 µs with 31 (LMDB allocates and frees each value's copy);
 * reading does not care. A short run of pages is also easier to find among freed ones than a long one.
 */
export const MAX_BATCH_BYTES = 8 * 4096 - 24;
