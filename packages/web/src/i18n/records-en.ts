/** The words of recordings on the server. */
export const recordsEn = {
  records: {
    title: 'Recordings',
    link: 'Recordings',
    server: 'On the server',
    loading: 'Looking for recordings …',
    failed: 'The recordings cannot be shown.',
    empty:
      'Nothing yet. Recordings that you upload are kept here for you; besides you only the server’s administrator sees them.',
    evidence: 'With evidence',
    evidenceHint: 'A recording with evidence and its manifest show that nothing was changed:',
    manifest: 'Save the evidence of {file}',
    refresh: 'Look again',
    more: 'Older ones',
    removeAsk: 'Delete the recording {file} from the server?',
  },
}
