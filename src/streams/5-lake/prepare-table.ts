import { PulseError } from '../../errors.ts';
import type { Action, MetaData } from './delta/actions.ts';
import { fromSchemaString, toSchemaString } from './delta/delta-schema.ts';
import type { DeltaTable } from './delta/delta-table.ts';
import { OUR_PROTOCOL } from './delta/snapshot.ts';
import { moveAway } from './move-away.ts';
import type { LakeTable } from './lake-table.ts';
import { LOG_PROPERTY, refuseOtherLog } from './table-log.ts';

/**
 * Creates the table, or gives it the columns that are declared now: rows written before have null in a column that has
 * come, and one that has gone is no longer seen. Throws `table-mismatch` where the table holds another log's rows, or a
 * column changed its type.
 */
export async function prepareTable(table: DeltaTable, wanted: LakeTable, logIdentity: string): Promise<void> {
  for (;;) {
    const { metaData } = table.snapshot;
    if (metaData === undefined) {
      const actions: Action[] = [{ protocol: OUR_PROTOCOL }, { metaData: firstMetaData(table, wanted, logIdentity) }];
      if (await table.commit(actions, { operation: 'CREATE TABLE' })) return;
    } else {
      refuseOther(wanted, metaData, logIdentity);
      const schemaString = toSchemaString(wanted.columns);
      if (metaData.schemaString === schemaString) return;
      const evolved: MetaData = { ...metaData, schemaString };
      if (await table.commit([{ metaData: evolved }], { operation: 'CHANGE COLUMNS' })) return;
    }
    await table.refresh();
  }
}

function firstMetaData({ options }: DeltaTable, wanted: LakeTable, logIdentity: string): MetaData {
  const hours = Math.ceil(options.retentionMs / 3_600_000);
  return {
    id: options.disk.newId(),
    name: wanted.name.replace('/', '.'),
    format: { provider: 'parquet', options: {} },
    schemaString: toSchemaString(wanted.columns),
    partitionColumns: [...wanted.partitionColumns],
    configuration: { [LOG_PROPERTY]: logIdentity, 'delta.deletedFileRetentionDuration': `interval ${hours} hours` },
    createdTime: options.now(),
  };
}

function refuseOther(wanted: LakeTable, metaData: MetaData, logIdentity: string): void {
  const advice = `: ${moveAway(wanted.name)}`;
  refuseOtherLog(wanted, metaData, logIdentity);
  if (metaData.partitionColumns.join() !== wanted.partitionColumns.join())
    throw new PulseError('table-mismatch', `the table ${wanted.name} has other partition columns${advice}`);
  const types = new Map(wanted.columns.map(({ name, type }) => [name, type]));
  for (const { name, type } of fromSchemaString(metaData.schemaString))
    if (types.has(name) && types.get(name) !== type)
      throw new PulseError('table-mismatch', `the column ${name} of ${wanted.name} is ${type} in the table${advice}`);
}
