/** What a namespace may be called. It is a folder and a prefix of topics, so that no path may be hidden in it. */
export const namespaceName = {
  pattern: /^[a-z0-9][a-z0-9_-]{0,40}$|^$/,
  wanted: 'lower-case letters, digits, - and _, at most 41 of them, or nothing',
};
