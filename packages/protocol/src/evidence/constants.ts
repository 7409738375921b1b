/** Version 1 of the evidence format, as docs/evidence.md has it. */
export const EVIDENCE = {
  format: 'yuntang-evidence/1',
  gearLabel: 'yuntang-evidence/1 gear\n',
  recordingLabel: 'yuntang-evidence/1 recording\n',
  stampLabel: 'yuntang-evidence/1 stamp\n',
  manifestLabel: 'yuntang-evidence/1 manifest\n',
  /** Bytes of a chunk; the last one may be shorter. */
  chunkLeast: 8 * 1024,
  chunkMost: 128 * 1024,
  /** A chunk ends where the hash of the last 32 bytes has nothing above this many bits. */
  cutShift: 17,
  /** Of one recording. */
  chunks: 2_000_000,
  stamps: 10_000,
  /** In one request. */
  stampsPerFrame: 200,
  /** Characters of a manifest that is read. */
  manifestChars: 256 * 1024 * 1024,
} as const
