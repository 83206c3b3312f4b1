import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { processedFolder } from '../../support/processed-folder.ts';

describe('pulse topics read', () => {
  it('fails where the disk that it prints to is full', async () => {
    const command = `"${process.execPath}" "${resolve('bin/pulse.js')}" topics read coingecko.markets > /dev/full`;
    const env = { PATH: process.env.PATH, PULSE_DATA_DIR: await processedFolder() };
    await expect(promisify(execFile)('sh', ['-c', command], { env })).rejects.toMatchObject({
      code: 1,
      stderr: 'pulse: the disk that the output goes to is full: free some space and start again\n',
    });
  });
});
