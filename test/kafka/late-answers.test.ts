import { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it, onTestFinished, vi } from 'vitest';
import { openKafkaLog } from '../../src/streams/log/kafka/kafka-log.ts';
import { nameOf, PassiveMember } from '../support/log-contract-tools.ts';

/** Source: Kafka protocol guide, "Api Keys" and "Request Header v1"; the group's name is a heartbeat's first field. */
const HEARTBEAT = 12;
const KIND_AT = 4;
const CLIENT_AT = 12;
/** For longer than a word of the group counts. */
const HOLD_MS = 5_200;
/** What took longer was asked again by kafkajs, after 8 s: its answer is a new one. */
const NO_LONGER_MS = 7_500;

/** The group that a request is a heartbeat to. */
function heartbeatTo(request: unknown): string | undefined {
  if (!Buffer.isBuffer(request) || request.length <= CLIENT_AT + 2 || request.readInt16BE(KIND_AT) !== HEARTBEAT)
    return undefined;
  const at = CLIENT_AT + 2 + request.readInt16BE(CLIENT_AT);
  return request.toString('utf8', at + 2, at + 2 + request.readInt16BE(at));
}

/** Leaves the answer to a group's next heartbeat unread, as a process does that sleeps. Resolves when that is sent. */
function nextHeartbeat(group: string): Promise<{ readonly readAnswer: () => Promise<void> }> {
  return new Promise((resolve) => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the socket it is of
    const { write } = Socket.prototype;
    const spy = vi.spyOn(Socket.prototype, 'write');
    spy.mockImplementation(function (this: Socket, ...args: Parameters<typeof write>) {
      if (heartbeatTo(args[0]) === group) {
        spy.mockRestore();
        this.pause();
        resolve({
          readAnswer: () =>
            new Promise((answered) => {
              this.once('data', () => answered());
              this.resume();
            }),
        });
      }
      return write.apply(this, args);
    });
  });
}

it('takes an answer of the group that was read late to be as old as its question', async () => {
  const log = await openKafkaLog({ brokers: inject('kafkaBrokers') });
  onTestFinished(() => log.close());
  const at = { topic: `late-answers-${process.pid}`, partition: 0 };
  await log.topics.ensure([{ name: at.topic, partitions: 1, cleanup: { kind: 'purge' } }]);
  const member = new PassiveMember();
  await log.join(at.topic, [at.topic], member);

  for (;;) {
    await expect.poll(() => member.owned).toEqual([nameOf(at)]);
    const { readAnswer } = await nextHeartbeat(at.topic);
    const since = Date.now();
    await sleep(HOLD_MS);
    await readAnswer();
    if (Date.now() - since > NO_LONGER_MS) continue;
    // Until it has got to whom it concerns.
    await someTurns();
    const owned = member.source(at).isOwned();
    expect(await Promise.race([owned, someTurns()])).toBe('not said yet');
    // A machine that slept on until the session was over has lost it by right, and tries again.
    if (await owned) return;
  }
});

async function someTurns(): Promise<string> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
  return 'not said yet';
}
