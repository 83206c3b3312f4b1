/**
 * A process that opens the log in a folder and does what the lines it is told say, for tests that need a second one.
 * `log-process.ts FOLDER read|write`
 */
import { createInterface } from 'node:readline';
import { open } from 'lmdb';
import { openEmbeddedLog } from '../../src/streams/log/embedded/embedded-log.ts';

const [folder = '', mode] = process.argv.slice(2);

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** A read transaction that stays open, as that of a reader does that dies in the middle of a read. */
function holdSnapshot(): void {
  const root = open({ path: folder, readOnly: true });
  root.getKeysCount();
  const held = root.useReadTransaction();
  setInterval(() => void root.get('', { transaction: held }), 1000);
}

try {
  const log = await openEmbeddedLog({ path: folder, mode: mode === 'write' ? 'write' : 'read' });
  say('open');
  for await (const line of createInterface(process.stdin)) {
    const [command, topic = '', ...rest] = line.split(' ');
    const at = { topic, partition: 0 };
    if (command === 'append') {
      await log.append(rest.map((value) => ({ ...at, key: null, value })));
      say(`appended ${rest.join(' ')}`);
    } else if (command === 'tail') {
      void (async () => {
        for await (const { records } of log.tail([{ ...at, offset: 0 }], new AbortController().signal)) {
          for (const { offset, value } of records) say(`${offset} ${String(value)}`);
        }
      })();
    } else if (command === 'bounds') {
      const { start, end } = await log.bounds(at);
      say(`bounds ${start} ${end}`);
    } else if (command === 'hold') {
      holdSnapshot();
      say('holding');
    } else if (command === 'close') {
      await log.close();
      process.exit(0);
    }
  }
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
}
