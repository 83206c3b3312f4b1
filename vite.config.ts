import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin, type Rollup } from 'vite';

/** Of all scripts, as browsers get them (brotli); and of those that the first page loads, for whoever takes gzip alone. */
const MAX_SCRIPT_BYTES = 150 * 1024;

/** The dashboard's page: built into dist/web, which the Node server serves. */
export default defineConfig({
  root: 'src/web/client',
  base: '/',
  plugins: [svelte({ configFile: '../../../svelte.config.js' }), compressed()],
  build: {
    outDir: '../../../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});

/** Lays a .gz and a .br beside every text file, and fails the build when the scripts outgrow their budget. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir: out = '' }, bundle) {
      const first = firstLoaded(bundle);
      const scripts = { all: 0, first: 0 };
      for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue;
        const { gzip, brotli } = compress(join(out, name));
        if (!name.endsWith('.js')) continue;
        scripts.all += brotli;
        // What the page asks for beside its bundle, as the theme's script, comes with the first page.
        if (first.has(name) || !(name in bundle)) scripts.first += gzip;
      }
      check('all scripts, brotli', scripts.all, (text) => this.info(text));
      check('the first page’s scripts, gzip', scripts.first, (text) => this.info(text));
    },
  };
}

/** Lays both copies beside the file; how large they are. */
function compress(path: string): { readonly gzip: number; readonly brotli: number } {
  const bytes = readFileSync(path);
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  writeFileSync(`${path}.gz`, gzip);
  writeFileSync(`${path}.br`, brotli);
  return { gzip: gzip.length, brotli: brotli.length };
}

/** The entry, and what it imports before it runs. */
function firstLoaded(bundle: Rollup.OutputBundle): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (name: string): void => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || found.has(name)) return;
    found.add(name);
    chunk.imports.forEach(add);
  };
  for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) add(chunk.fileName);
  return found;
}

function check(what: string, bytes: number, say: (text: string) => void): void {
  const size = `${(bytes / 1024).toFixed(1)} KiB`;
  if (bytes > MAX_SCRIPT_BYTES) throw new Error(`The page's budget: ${what} are ${size}, more than 150 KiB.`);
  say(`The page's budget: ${what}: ${size} of 150 KiB.`);
}
