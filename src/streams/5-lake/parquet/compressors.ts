import { snappyUncompressor } from 'hysnappy';

/** What pages are unpacked with. Made once: hysnappy's plain function makes a WebAssembly instance of its own for each page. */
export const compressors = { SNAPPY: snappyUncompressor() };
