import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

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
    writeBundle({ dir: out = '' }) {
      let scripts = 0;
      for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue;
        const path = join(out, name);
        const bytes = readFileSync(path);
        const gzip = gzipSync(bytes, { level: 9 });
        writeFileSync(`${path}.gz`, gzip);
        writeFileSync(
          `${path}.br`,
          brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
        );
        if (name.endsWith('.js')) scripts += gzip.length;
      }
      const size = `${(scripts / 1024).toFixed(1)} KiB gzip`;
      if (scripts > MAX_SCRIPT_BYTES) throw new Error(`The page's scripts are ${size}: more than 150 KiB.`);
      this.info(`The page's scripts: ${size}.`);
    },
  };
}
