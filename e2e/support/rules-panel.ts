/**
 * Run in the page of a sharer: elements of every kind that the replay rules speak of (spec 09 §7.1), at
 * the lower edge. `log` says which of them got what; key 254 adds `done`; `sends` counts its submissions.
 */
export const RULES_PANEL = `(() => {
  const panel = document.createElement('form')
  panel.id = 'rules'
  panel.style.cssText = 'position:fixed;inset:400px 0 0 0;background:#eee'
  const at = (left, top, more) => 'position:absolute;left:' + left + 'px;top:' + top + 'px;width:100px;height:40px;' + (more || '')
  panel.innerHTML =
    '<div id="plain" style="' + at(20, 20) + '"></div>' +
    '<button type="button" id="press" style="' + at(140, 20) + '">b</button>' +
    '<div id="scroll" style="' + at(260, 20, 'overflow:auto') + '"><div style="height:900px"></div></div>' +
    '<textarea id="area" style="' + at(380, 20) + '"></textarea>' +
    '<input id="line" style="' + at(500, 20) + '">' +
    '<input id="check" type="checkbox" style="' + at(620, 20) + '">' +
    '<button id="send" style="' + at(740, 20) + '">send</button>' +
    '<div id="host" style="' + at(860, 20) + '"></div>' +
    '<iframe id="frame" style="border:2px solid;' + at(980, 20) + '"></iframe>' +
    '<div data-crv-no-remote style="' + at(20, 100) + '"><button type="button" id="kept">k</button></div>' +
    '<label for="kept" style="' + at(140, 100) + '">l</label>'
  document.body.append(panel)
  const inner = host.attachShadow({ mode: 'open' })
  inner.innerHTML = '<button id="deep" style="width:100px;height:40px">d</button>'
  frame.contentDocument.body.innerHTML = '<button id="framed" style="position:fixed;inset:0">f</button>'
  window.log = []
  window.sends = 0
  const note = (e) => { log.push((e.target.id || e.target.localName) + ' ' + e.type + (e.detail ? e.detail : '') + (e.button > 0 ? '/' + e.button : '')) }
  for (const type of ['pointerover', 'pointerout', 'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'auxclick', 'contextmenu', 'wheel', 'keydown', 'keyup', 'input'])
    for (const root of [panel, inner, frame.contentDocument]) root.addEventListener(type, note)
  panel.onsubmit = (e) => { e.preventDefault(); sends++ }
  addEventListener('crvideo-remote-key', (e) => { if (e.detail.vk === 254) log.push('done') })
})()`
