import { snappyCompressor, snappyUncompressor } from 'hysnappy';

/**
 * Snappy in WebAssembly, made ready once: the package's plain functions compile the module anew for every page, which took
 * most of the time of a file of some hundred rows.
 */
export const compressors = { SNAPPY: snappyCompressor() };

/** As {@link compressors}, the other way. */
export const decompressors = { SNAPPY: snappyUncompressor() };
