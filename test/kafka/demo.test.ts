import { expect, inject, it } from 'vitest';
import { closedPort } from '../support/closed-port.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { get, getUntil, pageOf } from '../support/page.ts';
import { pulse, startPulse, temporaryFolder } from '../support/pulse.ts';
import { unhurried } from '../support/unhurried.ts';

it('a demonstration that runs on the cluster is not begun anew under its feet', async () => {
  const env = async (): Promise<Readonly<Record<string, string>>> => ({
    ...{ KAFKA_BROKERS: inject('kafkaBrokers').join(), PULSE_PORT: '0', PULSE_DATA_DIR: temporaryFolder() },
    // One that holds nothing, so that there is nothing else to show.
    PULSE_NAMESPACE: `nothing-${process.pid}`,
    PULSE_COINGECKO_URL: `http://127.0.0.1:${await closedPort()}`,
  });
  const first = startPulse(['start'], await env());
  const page = await pageOf(first);
  await getUntil(`${page}/readyz`, () => true);
  const refused =
    /another process works on the namespace demo of the cluster: stop it first \(.*\), or look at it with pulse web --namespace demo$/m;
  expectFailure(await pulse(['start'], await env()), 1, refused);
  expectFailure(await pulse(['reset', '--yes', '--namespace', 'demo'], await env()), 1, refused);
  const beside = startPulse(['web', '--namespace', 'demo'], await env());
  await getUntil(`${await pageOf(beside)}/readyz`, () => true);
  beside.child.kill('SIGINT');
  // The first one's topics are those that it has made, and it works on.
  const early = (await get(`${page}/api/status`)) as { source: { records: number } };
  await getUntil<typeof early>(`${page}/api/status`, ({ source }) => source.records > early.source.records);
  first.child.kill('SIGINT');
  expect(unhurried(await first.ended)).toMatchObject({ code: 0, stderr: '' });
  const again = startPulse(['start'], await env());
  await getUntil(`${await pageOf(again)}/readyz`, () => true);
  again.child.kill('SIGINT');
  expect(unhurried(await again.ended)).toMatchObject({ code: 0, stderr: '' });
  expect(await pulse(['reset', '--yes', '--namespace', 'demo'], await env())).toMatchObject({ code: 0 });
});
