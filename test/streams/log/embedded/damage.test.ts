import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { open as openLmdb } from 'lmdb';
import { asyncScheduler } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../../src/errors.ts';
import { Catalog } from '../../../../src/streams/log/embedded/catalog.ts';
import { openEmbeddedLog } from '../../../../src/streams/log/embedded/embedded-log.ts';
import { Environment } from '../../../../src/streams/log/embedded/environment.ts';
import { batchKey } from '../../../../src/streams/log/embedded/storage-keys.ts';
import type { LogMode } from '../../../../src/streams/log/embedded/tables.ts';
import { appendTexts, at, compacted, errorCode, purged, readOffsets } from '../../../support/log-contract-tools.ts';

const PAGE = 4096;
let path = '';
let file = '';
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'pulse-log-'));
  file = join(path, 'data.mdb');
});
afterEach(() => rm(path, { recursive: true }));

/** A log of a few dozen pages in two topics, closed. */
async function fill(): Promise<void> {
  const log = await openEmbeddedLog({ path, mode: 'write' });
  await log.topics.ensure([
    { name: 't', partitions: 2, cleanup: purged },
    { name: 'c', partitions: 1, cleanup: compacted },
  ]);
  for (let i = 0; i < 30; i++) {
    await appendTexts(log, at('t', i % 2), [`${i}`, 'v'.repeat(i * 300)]);
    await appendTexts(log, at('c'), [`${i}`]);
  }
  await log.close();
}

async function everything(): Promise<readonly string[]> {
  const log = await openEmbeddedLog({ path, mode: 'read' });
  try {
    return [
      ...(await readOffsets(log, at('t', 0))),
      ...(await readOffsets(log, at('t', 1))),
      ...(await readOffsets(log, at('c'))),
    ];
  } finally {
    await log.close();
  }
}

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Opening fails with the code, in one line and in either mode, and leaves the file as it is. */
async function expectRefused(code: ErrorCode): Promise<void> {
  const before = readFileSync(file);
  for (const mode of ['read', 'write'] satisfies LogMode[]) {
    const error: unknown = await openEmbeddedLog({ path, mode }).catch((failure: unknown) => failure);
    expect(error).toEqual(errorCode(code));
    expect(String(error)).toMatch(/^[^\n]+$/);
  }
  expect(readFileSync(file).equals(before)).toBe(true);
}

describe('a damaged log', () => {
  it.each([0, 10, 100])('is refused when its header is garbage, or cut to %d bytes', async (kept) => {
    writeFileSync(file, Buffer.alloc(10 * PAGE, 'garbage'));
    await expectRefused('log-corrupt');
    if (kept > 0) {
      truncateSync(file, kept);
      await expectRefused('log-corrupt');
    }
  });

  it('is refused when the file is cut short', async () => {
    await fill();
    const { size } = statSync(file);
    for (const left of [Math.floor(size / 2), 3 * PAGE, 2 * PAGE, PAGE + 10]) {
      truncateSync(file, left);
      await expectRefused('log-corrupt');
    }
  });

  it('is what it was when only free pages are cut off, and refused from then on', async () => {
    await fill();
    const [before, { size }] = [await everything(), statSync(file)];
    let isRefused = false;
    for (let left = size; left > size - 40 * PAGE; left -= PAGE / 2) {
      truncateSync(file, left);
      const found: unknown = await everything().catch((error: unknown) => error);
      expect(found).toEqual(isRefused || found instanceof Error ? errorCode('log-corrupt') : before);
      isRefused ||= found instanceof Error;
    }
    expect(isRefused).toBe(true);
  });

  it('is refused when a page is gone', async () => {
    await fill();
    const whole = readFileSync(file);
    const isTreePage = (page: number): boolean => {
      const flags = whole.readUInt16LE(page * PAGE + 18);
      return whole.readBigUInt64LE(page * PAGE) === BigInt(page) && (flags === 1 || flags === 2);
    };
    const pages = Array.from({ length: whole.length / PAGE - 2 }, (_, i) => i + 2).filter(isTreePage);
    const before = await everything();
    let refused = 0;
    for (const page of pages) {
      const damaged = Buffer.from(whole);
      damaged.fill(0, page * PAGE, (page + 1) * PAGE);
      writeFileSync(file, damaged);
      const found: unknown = await everything().catch((error: unknown) => error);
      // A page of an earlier transaction that nothing refers to any more is not missed.
      if (found instanceof Error) {
        expect(found).toEqual(errorCode('log-corrupt'));
        refused++;
      } else expect(found).toEqual(before);
    }
    expect(refused).toBeGreaterThan(3);
  });

  it.each(['t', 'c'])('is found out when a batch of topic %s is missing', async (topic) => {
    await fill();
    const log = await openEmbeddedLog({ path, mode: 'write' });
    const environment = await Environment.open(path, 'write', asyncScheduler);
    const id = new Catalog().topic(environment.tables, topic).id;
    await environment.tables.batches.remove(batchKey(id, 0, topic === 't' ? 4 : 7));
    await expect(readOffsets(log, at(topic))).rejects.toEqual(errorCode('log-corrupt'));
    await environment.close();
    await log.close();
  });

  it('is found out when bytes of its records change', async () => {
    await fill();
    const bytes = readFileSync(file);
    const fd = openSync(file, 'r+');
    writeSync(fd, 'w', bytes.indexOf('v'.repeat(2000)) + 50);
    await expect(everything()).rejects.toEqual(errorCode('log-corrupt'));
  });

  it('never reads as something else, whichever bytes change', async () => {
    await fill();
    const whole = readFileSync(file);
    const before = await everything();
    const change = fc.record({
      position: fc.nat(whole.length - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 600 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ position, bytes }) => {
        const changed = Buffer.from(whole);
        changed.set(bytes.subarray(0, whole.length - position), position);
        writeFileSync(file, changed);
        const found: unknown = await everything().catch((error: unknown) => error);
        if (found instanceof Error) expect(found).toMatchObject({ name: 'PulseError' });
        else expect(digest(found)).toEqual(digest(before));
      }),
      // Kinds of trees, the last page's number, kinds of nodes: LMDB dies of some, and reads something else with others.
      {
        numRuns: 150,
        examples: [
          [{ position: 145, bytes: Uint8Array.of(201, 47, 1, 5) }],
          [{ position: 53, bytes: Uint8Array.of(32) }],
          [{ position: 97, bytes: Uint8Array.of(0, 0, 0, 2) }],
          [{ position: 100, bytes: Uint8Array.of(87, 230) }],
          [{ position: 98_086, bytes: Uint8Array.of(100, 0, 17) }],
        ],
      },
    );
  });

  it('is refused as long as it is of a format that is not known', async () => {
    await fill();
    for (const format of [0, 2]) {
      const root = openLmdb({ path });
      await root.openDB({ name: 'meta', encoding: 'json' }).put('header', { format, identity: 'x' });
      await root.close();
      await expectRefused('log-format');
    }
  });

  it("is not made of another program's LMDB file", async () => {
    const root = openLmdb({ path });
    await root.openDB({ name: 'theirs' }).put('key', 'value');
    await root.close();
    await expectRefused('log-format');
  });

  it('is a new one where the file is empty', async () => {
    writeFileSync(file, '');
    await fill();
    expect((await everything()).length).toBe(90);
  });

  it('is whole again when the whole file is back', async () => {
    await fill();
    const before = await everything();
    const copy = join(path, 'copy');
    mkdirSync(copy);
    copyFileSync(file, join(copy, 'data.mdb'));
    truncateSync(file, 5 * PAGE);
    await expectRefused('log-corrupt');
    copyFileSync(join(copy, 'data.mdb'), file);
    expect(await everything()).toEqual(before);
  });
});
