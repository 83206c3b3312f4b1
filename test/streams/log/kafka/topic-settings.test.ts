import { expect, it } from 'vitest';
import { cleanupOf, settingsOf } from '../../../../src/streams/log/kafka/topic-settings.ts';
import type { Cleanup } from '../../../../src/streams/log/log.ts';

it.each<[Cleanup, Readonly<Record<string, string>>]>([
  [{ kind: 'compact' }, { 'cleanup.policy': 'compact', 'segment.bytes': '8388608' }],
  [
    { kind: 'compact', tombstoneRetentionMs: 60_000 },
    { 'cleanup.policy': 'compact', 'segment.bytes': '8388608', 'delete.retention.ms': '60000' },
  ],
  [
    { kind: 'delete', retentionMs: 5000 },
    { 'cleanup.policy': 'delete', 'retention.ms': '5000' },
  ],
  [{ kind: 'purge' }, { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' }],
])('%o is what its settings say', (cleanup, settings) => {
  expect(settingsOf(cleanup)).toEqual({ ...settings, 'message.timestamp.type': 'LogAppendTime' });
  expect(cleanupOf(settingsOf(cleanup))).toMatchObject({ kind: cleanup.kind });
});
