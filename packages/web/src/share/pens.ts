/** `B<<16 | G<<8 | R`, and the same for style sheets. */
export const PENS = [
  { color: 0x3643f4, css: '#f44336', name: 'red' },
  { color: 0x00c2ff, css: '#ffc200', name: 'yellow' },
  { color: 0x50af4c, css: '#4caf50', name: 'green' },
  { color: 0xf39621, css: '#2196f3', name: 'blue' },
] as const

/** Place in {@link PENS}. */
export type PenColour = number

/** Share pixels: to be seen on a large screen. */
export const PEN_WIDTH = 6
