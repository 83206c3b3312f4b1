import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';

const tests = ['test/**'];
const client = ['src/web/client/**'];
const configs = ['*.config.{js,ts}', '*.cjs'];

/** Where real time and chance come in: they are injected everywhere else (a `SchedulerLike`, `now`, `sleep`, `random`). */
const compositionRoot = ['src/cli.ts', 'src/cli/**', 'bin/**'];

const injectTime =
  'Time is injected: take a SchedulerLike, or plain `now` and `sleep`; only src/cli* has the real ones.';
const injectChance = 'Chance is injected: take a seeded `random`; only src/cli* has the real one.';
const settingsOnly = 'Only src/config.ts and src/config/ read the environment; take a setting.';

const timers = ['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({ name, message: injectTime }));
const isNoTurn = ({ name }) => name !== 'setImmediate';
const clocks = [
  { object: 'Date', property: 'now', message: injectTime },
  { object: 'performance', property: 'now', message: injectTime },
  { object: 'process', property: 'hrtime', message: injectTime },
  { object: 'Math', property: 'random', message: injectChance },
];
const environment = [{ object: 'process', property: 'env', message: settingsOnly }];
const bareDate = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: injectTime },
  { selector: 'CallExpression[callee.name="Date"]', message: injectTime },
];
const defaultExport = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name; only configuration files have defaults.' },
];
const timerModules = ['timers', 'timers/promises', 'perf_hooks'].flatMap((name) => [name, `node:${name}`]);
const relativeImports = [
  { regex: '^\\.{1,2}/(.*/)?[^/]+\\.js$', message: 'Import the .ts file by its own name.' },
  { regex: '^\\.{1,2}(/(.*/)?[^./]*)?$', message: 'Name the file with its extension; there are no index files.' },
];

const restrictImports = (paths) => [
  'error',
  { paths: paths.map((name) => ({ name, message: injectTime })), patterns: relativeImports },
];
const leftOver = ['it', 'test', 'describe'].flatMap((object) =>
  ['only', 'skip', 'todo'].map((property) => ({ object, property, message: 'Every test runs.' })),
);

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'data/', 'test/fixtures/']),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-warning-comments': 'error',
      'max-lines': ['error', { max: 160, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-restricted-globals': ['error', { globals: timers, checkGlobalObject: true }],
      'no-restricted-properties': ['error', ...clocks, ...environment],
      'no-restricted-syntax': ['error', ...bareDate, ...defaultExport],
      'no-restricted-imports': restrictImports(timerModules),
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Ports are asynchronous whether or not an adapter has to wait.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      // Takes a signal's `aborted` for settled across an await, and JSON.stringify for never undefined.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: compositionRoot,
    rules: {
      'no-console': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-properties': ['error', ...environment],
      'no-restricted-syntax': ['error', ...defaultExport],
      'no-restricted-imports': restrictImports([]),
    },
  },
  { files: ['src/config.ts', 'src/config/**'], rules: { 'no-restricted-properties': ['error', ...clocks] } },
  {
    // A poll of a log yields to the event loop between reads: a turn passes, no time.
    files: ['src/streams/log/**'],
    rules: {
      'no-restricted-globals': ['error', { globals: timers.filter(isNoTurn), checkGlobalObject: true }],
      'no-restricted-imports': [
        'error',
        {
          paths: timerModules.map((name) => ({ name, allowImportNames: ['setImmediate'], message: injectTime })),
          patterns: relativeImports,
        },
      ],
    },
  },
  {
    files: client,
    languageOptions: { globals: globals.browser },
    rules: {
      'no-restricted-globals': 'off',
      'no-restricted-properties': ['error', ...environment],
      'no-restricted-syntax': ['error', ...defaultExport],
    },
  },
  {
    files: tests,
    rules: {
      'no-console': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-properties': ['error', ...leftOver],
      'no-restricted-syntax': ['error', ...defaultExport],
      'no-restricted-imports': restrictImports([]),
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: configs, rules: { 'no-restricted-syntax': 'off' } },
  // What a package of others exports is theirs to say.
  { files: ['**/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    // svelte-check has the types of components; here they are linted without.
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false, parser: ts.parser } },
    rules: { 'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }] },
  },
  {
    // A module's private index is not for rendering.
    files: ['**/*.svelte.ts'],
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },
  {
    files: ['**/*.{js,cjs}'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  prettier,
  svelte.configs.prettier,
);
