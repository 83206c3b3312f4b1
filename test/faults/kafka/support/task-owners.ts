import type { KafkaNamespace } from './kafka-namespace.ts';
import { kcatTable } from './kcat-table.ts';

/** The process that reported each task of a stage last. */
export async function taskOwners(namespace: KafkaNamespace, stage: string): Promise<ReadonlyMap<string, number>> {
  const reports = await kcatTable(namespace.brokers, namespace.topic('pulse.tasks'));
  return new Map(
    reports
      .filter(({ key }) => key.startsWith(`${stage}|`))
      .map(({ key, value }) => [key, Number((value as { owner: string }).owner.split(':').at(-1))]),
  );
}

/** How many of both stages' tasks a process has reported last. */
export async function tasksOf(namespace: KafkaNamespace, pid: number | undefined): Promise<number> {
  const owners = await Promise.all(['combine', 'maintain'].map((stage) => taskOwners(namespace, stage)));
  return owners.flatMap((each) => [...each.values()]).filter((owner) => owner === pid).length;
}
