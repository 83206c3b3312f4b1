import type { SchemaElement } from 'hyparquet';

type Repetition = 'REQUIRED' | 'OPTIONAL';

const text = (name: string, repetition_type: Repetition = 'OPTIONAL'): SchemaElement => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  repetition_type,
});
const long = (name: string): SchemaElement => ({ name, type: 'INT64', repetition_type: 'OPTIONAL' });
const int = (name: string): SchemaElement => ({ name, type: 'INT32', repetition_type: 'OPTIONAL' });
const flag = (name: string): SchemaElement => ({ name, type: 'BOOLEAN', repetition_type: 'OPTIONAL' });

const group = (name: string, ...fields: readonly (readonly SchemaElement[])[]): readonly SchemaElement[] => [
  { name, num_children: fields.length, repetition_type: 'OPTIONAL' },
  ...fields.flat(),
];
const map = (name: string): readonly SchemaElement[] => [
  { name, num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'MAP' },
  { name: 'key_value', num_children: 2, repetition_type: 'REPEATED' },
  text('key', 'REQUIRED'),
  text('value'),
];
const list = (name: string): readonly SchemaElement[] => [
  { name, num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'LIST' },
  { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
  text('element'),
];

/** The columns of a checkpoint, each an action or null (protocol, "Checkpoint Schema"). */
export const CHECKPOINT_COLUMNS = ['protocol', 'metaData', 'txn', 'add', 'remove'] as const;

/** The Parquet schema of a classic checkpoint. */
export const checkpointSchema: readonly SchemaElement[] = [
  { name: 'root', num_children: CHECKPOINT_COLUMNS.length },
  ...group('protocol', [int('minReaderVersion')], [int('minWriterVersion')]),
  ...group(
    'metaData',
    [text('id')],
    [text('name')],
    group('format', [text('provider')], map('options')),
    [text('schemaString')],
    list('partitionColumns'),
    map('configuration'),
    [long('createdTime')],
  ),
  ...group('txn', [text('appId')], [long('version')], [long('lastUpdated')]),
  ...group(
    'add',
    [text('path')],
    map('partitionValues'),
    [long('size')],
    [long('modificationTime')],
    [flag('dataChange')],
    [text('stats')],
  ),
  ...group('remove', [text('path')], [long('deletionTimestamp')], [flag('dataChange')], map('partitionValues'), [
    long('size'),
  ]),
];
