import { features, moverFeatures } from '../../streams/4-gold/features.ts';
import type { RowTable } from '../../streams/rows/row-table.ts';
import { rowSchemas } from '../../streams/rows/row-schemas.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { openRegistry } from '../open-rows.ts';
import { fault, type Finding, ok } from './finding.ts';

const tables: readonly RowTable[] = ['prices', 'features', 'movers'];

/** Whether the schema registry answers, and takes the schemas of today's rows; registers nothing. */
export async function checkRegistry({ config }: Context): Promise<readonly Finding[]> {
  const registry = await openRegistry(config);
  if (registry === undefined) return [];
  const names = topicNames(config.settings.namespace);
  const schemas = rowSchemas({ features, movers: moverFeatures });
  const held: string[] = [];
  const fresh: string[] = [];
  const findings: Finding[] = [];
  for (const table of tables) {
    const subject = `${names[table]}-value`;
    const standing = await registry.standing(subject, JSON.stringify(schemas[table]));
    if (standing === 'incompatible')
      findings.push(
        fault(
          `the schema of ${subject} would be refused: rows that are there could not be read by it. Give what has changed a ` +
            'new name, or work in another namespace',
        ),
      );
    else (standing === 'held' ? held : fresh).push(subject);
  }
  const where = `the schema registry at ${config.settings.schema_registry.url} answers`;
  const parts = [
    ...(held.length > 0 ? [`has ${held.join(', ')} as today's rows need them`] : []),
    ...(fresh.length > 0 ? [`takes ${fresh.join(', ')} with the next run`] : []),
  ];
  return [ok([where, ...parts].join('; ')), ...findings];
}
