const stage = '^src/streams/[0-9]-[^/]+/';
const adapters = '^src/(streams/(log/(embedded|kafka|memory)|rows/confluent)|state/(lmdb|memory))/';

/** A dependency that one part of the program imports, and no other. */
const behind = (name, part, dependency) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: part },
  to: { path: `(^|/)node_modules/${dependency}` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one idea, or hide a third one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'state-knows-no-domain',
      comment: 'Dependencies point one way: web -> streams -> state.',
      severity: 'error',
      from: { path: '^src/state/' },
      to: { path: '^src/(streams|web|cli|config)' },
    },
    {
      name: 'streams-know-no-web',
      comment: 'Dependencies point one way: web -> streams -> state.',
      severity: 'error',
      from: { path: '^src/streams/' },
      to: { path: '^src/web/' },
    },
    {
      name: 'nobody-knows-the-command-line',
      comment: 'src/cli* is the composition root: it builds everything, nothing builds on it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli(\\.ts$|/)' },
      to: { path: '^src/cli(\\.ts$|/)' },
    },
    {
      name: 'settings-are-handed-in',
      comment: 'The composition root loads the settings and hands each part its own; others see their types alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|config)(\\.ts$|/)' },
      to: { path: '^src/config(\\.ts$|/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'adapters-are-chosen-by-the-root',
      comment: 'Nothing outside an adapter of the log, of state or of the registry knows it, but the composition root.',
      severity: 'error',
      from: { path: '^src/(streams|web)/', pathNot: '^src/streams/(log/(embedded|kafka|memory)|rows/confluent)/' },
      to: { path: adapters },
    },
    {
      name: 'log-adapters-stand-apart',
      comment: 'The embedded, Kafka and memory logs share the port alone.',
      severity: 'error',
      from: { path: '^src/streams/log/(embedded|kafka|memory)/' },
      to: { path: '^src/streams/log/(embedded|kafka|memory)/', pathNot: '^src/streams/log/$1/' },
    },
    {
      name: 'state-adapters-stand-apart',
      comment: 'The LMDB and memory stores share the interfaces alone.',
      severity: 'error',
      from: { path: '^src/state/(lmdb|memory)/' },
      to: { path: '^src/state/(lmdb|memory)/', pathNot: '^src/state/$1/' },
    },
    behind('lmdb-behind-its-ports', '^src/(state/lmdb|streams/log/embedded)/', 'lmdb/'),
    behind('kafkajs-behind-its-port', '^src/streams/log/kafka/', 'kafkajs'),
    behind('the-registrys-client-behind-its-port', '^src/streams/rows/confluent/', '@kafkajs/'),
    behind('avro-behind-the-row-format', '^src/streams/rows/', 'avsc/'),
    {
      name: 'stages-are-handed-a-row-format',
      comment:
        'They, and the operators, see the port and the JSON that rows are compared by; never which format it is.',
      severity: 'error',
      from: { path: '^src/streams/(stages|task|[0-9]-[^/]+)/' },
      to: { path: '^src/streams/rows/', pathNot: '^src/streams/rows/(row-format|row-table|json-writer)\\.ts$' },
    },
    {
      name: 'stages-share-record-types-alone',
      comment: "A stage may import another's record types, with `import type`; they meet in pipeline.ts.",
      severity: 'error',
      from: { path: '^src/streams/([0-9]-[^/]+)/' },
      to: { path: stage, pathNot: '^src/streams/$1/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'stages-do-not-know-the-pipeline',
      severity: 'error',
      from: { path: stage },
      to: { path: '^src/streams/pipeline\\.ts$' },
    },
    {
      name: 'the-browser-takes-types-alone',
      comment: 'The client imports types from below, and what both ends share.',
      severity: 'error',
      from: { path: '^src/web/client/' },
      to: {
        path: '^src/',
        pathNot: '^src/web/(client/|(contract|pipeline-contract|replay-contract|market-hour)\\.ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'the-server-does-not-import-the-client',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/client/' },
      to: { path: '^src/web/client/' },
    },
    {
      name: 'the-contract-is-light',
      comment: 'What the browser loads must not pull the server in.',
      severity: 'error',
      from: { path: '^src/web/(contract|pipeline-contract|replay-contract|market-hour)\\.ts$' },
      to: { path: '^src/|(^|/)node_modules/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-dependencies-at-run-time',
      comment: 'The built page bundles what it needs; everything else runs on `dependencies`.',
      severity: 'error',
      from: { path: '^(src|bin)/', pathNot: '^src/web/client/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports is dead, or an entry point to be named here.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(src|bin)/',
        pathNot: ['\\.d\\.ts$', '^src/web/client/', '^src/cli\\.ts$'],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/fixtures/' },
    // bin/ is a workspace whose dependencies are the project's.
    combinedDependencies: true,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectJSDocImports: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.svelte', '.json'],
    },
  },
};
