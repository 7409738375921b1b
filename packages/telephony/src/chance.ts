/** A number from 0 to 1 out of an unguessable id, for delays that must differ between peers. */
export const chance = (id: string): number => {
  let sum = 0
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) % 10_007
  return sum / 10_007
}
