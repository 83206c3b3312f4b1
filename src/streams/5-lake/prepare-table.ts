import { PulseError } from '../../errors.ts';
import type { Action, MetaData } from './delta/actions.ts';
import { fromSchemaString, toSchemaString } from './delta/delta-schema.ts';
import type { DeltaTable } from './delta/delta-table.ts';
import { OUR_PROTOCOL } from './delta/snapshot.ts';
import { moveAway } from './move-away.ts';
import type { LakeTable } from './lake-table.ts';
import { refuseOtherOrigin, type TableOrigin, withOrigin } from './table-log.ts';

/**
 * Creates the table, or gives it the columns that are declared now: rows written before have null in a column that has
 * come, and one that has gone is no longer seen. Throws `table-mismatch` where the table holds rows of another log or
 * topic, or a column changed its type.
 */
export async function prepareTable(table: DeltaTable, wanted: LakeTable, origin: TableOrigin): Promise<void> {
  for (;;) {
    const { metaData } = table.snapshot;
    if (metaData === undefined) {
      const actions: Action[] = [{ protocol: OUR_PROTOCOL }, { metaData: firstMetaData(table, wanted, origin) }];
      if (await table.commit(actions, { operation: 'CREATE TABLE' })) return;
    } else {
      refuseOther(wanted, metaData, origin);
      const schemaString = toSchemaString(wanted.columns);
      // A table from before topics had ids is taken for the topic's that is there.
      const configuration = withOrigin(metaData.configuration, origin);
      const isKnown = JSON.stringify(configuration) === JSON.stringify(metaData.configuration);
      if (metaData.schemaString === schemaString && isKnown) return;
      const evolved: MetaData = { ...metaData, schemaString, configuration };
      const operation = metaData.schemaString === schemaString ? 'SET TBLPROPERTIES' : 'CHANGE COLUMNS';
      if (await table.commit([{ metaData: evolved }], { operation })) return;
    }
    await table.refresh();
  }
}

function firstMetaData({ options }: DeltaTable, wanted: LakeTable, origin: TableOrigin): MetaData {
  const hours = Math.ceil(options.retentionMs / 3_600_000);
  return {
    id: options.disk.newId(),
    name: wanted.name.replace('/', '.'),
    format: { provider: 'parquet', options: {} },
    schemaString: toSchemaString(wanted.columns),
    partitionColumns: [...wanted.partitionColumns],
    configuration: withOrigin({ 'delta.deletedFileRetentionDuration': `interval ${hours} hours` }, origin),
    createdTime: options.now(),
  };
}

function refuseOther(wanted: LakeTable, metaData: MetaData, origin: TableOrigin): void {
  const advice = `: ${moveAway(wanted.name)}`;
  refuseOtherOrigin(wanted, metaData, origin);
  if (metaData.partitionColumns.join() !== wanted.partitionColumns.join())
    throw new PulseError('table-mismatch', `the table ${wanted.name} has other partition columns${advice}`);
  const types = new Map(wanted.columns.map(({ name, type }) => [name, type]));
  for (const { name, type } of fromSchemaString(metaData.schemaString))
    if (types.has(name) && types.get(name) !== type)
      throw new PulseError('table-mismatch', `the column ${name} of ${wanted.name} is ${type} in the table${advice}`);
}
