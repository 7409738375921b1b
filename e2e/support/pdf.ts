/** A PDF whose pages are one colour each, with a line of text in a font that it does not bring. */
export const colouredPdf = (colours: readonly (readonly [number, number, number])[]): Buffer => {
  const objects: string[] = []
  const count = colours.length
  objects.push('<< /Type /Catalog /Pages 2 0 R >>')
  const kids = colours.map((_, i) => `${4 + i * 2} 0 R`).join(' ')
  objects.push(`<< /Type /Pages /Kids [${kids}] /Count ${count} >>`)
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')
  for (const [i, colour] of colours.entries()) {
    const content = `${colour.join(' ')} rg 0 0 400 300 re f 0 g BT /F1 24 Tf 40 250 Td (Page ${i + 1}) Tj ET`
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents ${5 + i * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    )
  }
  let text = '%PDF-1.4\n'
  const places = objects.map((object, i) => {
    const at = text.length
    text += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const xref = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  for (const at of places) text += `${String(at).padStart(10, '0')} 00000 n \n`
  text += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}
