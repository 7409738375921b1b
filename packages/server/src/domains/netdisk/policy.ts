/** Who may delete a file, spec 06 §9: its owner, or the creator of the meeting. */
export const mayRemove = (file: { owner: string }, creator: string, actor: string): boolean =>
  actor === file.owner || actor === creator

/** Only its owner may replace a file that exists, spec 06 §1. */
export const mayReplace = (file: { owner: string } | null, actor: string): boolean =>
  file === null || file.owner === actor

/** Whether a file of that size still fits; each takes whole KB, unfinished ones count too. */
export const fits = (used: { kb: number }, size: number, limitKb: number): boolean =>
  used.kb + Math.ceil(size / 1024) <= limitKb
