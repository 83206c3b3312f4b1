import { topicSpecs } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { mayHaveLog, openToRead, ownTopics, partitionsDiffer, partitionsMade } from '../namespace-log.ts';
import { fault, type Finding, note, ok } from './finding.ts';

/** Whether the namespace's log can be read, beside a writer too, and is what the settings say. */
export async function checkLog(context: Context): Promise<readonly Finding[]> {
  if (!mayHaveLog(context)) return [ok('there is no log yet: the first run makes it')];
  const { namespace, partitions } = context.config.settings;
  const log = await openToRead(context);
  try {
    const made = await partitionsMade(context, log);
    if (made !== undefined && made !== partitions) return [fault(partitionsDiffer(made, partitions))];
    const found = new Set((await ownTopics(context, log)).map(({ name }) => name));
    const missing = topicSpecs(namespace, partitions).filter(({ name }) => !found.has(name));
    return missing.length > 0
      ? [note(`${whichLog(context)} lacks ${missing.map(({ name }) => name).join(', ')}: the next run makes them`)]
      : [ok(`${whichLog(context)} can be read; ${found.size} topics of ${partitions} partitions`)];
  } finally {
    await log.close();
  }
}

const whichLog = ({ config }: Context): string => {
  const { brokers } = config.settings.kafka;
  return brokers.length > 0 ? `the cluster at ${brokers.join(', ')}` : 'the log';
};
