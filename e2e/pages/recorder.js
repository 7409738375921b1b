// Keeps every callback and every call of a classic page, in order, for the tests to read.
window.seen = []
window.called = []
window.inHandler = 0
window.nested = 0
window.hooks = {}

for (const name of Object.getOwnPropertyNames(window)) {
  if (!name.startsWith('CRVideo_')) continue
  const value = window[name]
  if (value instanceof CRVideo.CbProxy) {
    if (value.name !== name) continue // an alias
    value.callback = (...args) => {
      if (window.inHandler > 0) window.nested += 1
      window.inHandler += 1
      try {
        window.seen.push({ slot: name, args: structuredClone(args) })
        window.hooks[name]?.(...args)
      } finally {
        window.inHandler -= 1
      }
    }
  } else if (typeof value === 'function') {
    window[name] = (...args) => {
      window.called.push(name)
      return value(...args)
    }
  }
}

// A view of one camera, 320 × 180, kept under the user's ID.
window.views = {}
window.show = (userID, videoID = -1, width = 320, height = 180) => {
  const view = CRVideo_CreatVideoObj()
  view.width(width)
  view.height(height)
  document.querySelector('#views').append(view.handler())
  view.setVideo(userID, videoID)
  window.views[userID] = view
}

const average = (data) => {
  const sum = [0, 0, 0]
  for (let i = 0; i < data.length; i += 4) for (const c of [0, 1, 2]) sum[c] += data[i + c]
  return sum.map((s) => Math.round(s / (data.length / 4)))
}

// What a person sees in the view: mean colour, and a fingerprint that changes with the picture.
window.look = async (userID) => {
  const bytes = window.views[userID].savePicToArray('png')
  if (bytes.length === 0) return null
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d')
  context.drawImage(bitmap, 0, 0)
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
  let print = 0
  for (let i = 0; i < data.length; i += 64)
    print = (print * 31 + (data[i] >> 4) + (data[i + 1] >> 4) + (data[i + 2] >> 4)) | 0
  return { width: bitmap.width, height: bitmap.height, rgb: average(data), print }
}

// The tones that a person hears: strongest frequency of every playing element, in Hz.
window.listen = async () => {
  window.ears ??= new AudioContext({ sampleRate: 48000 })
  const context = window.ears
  await context.resume()
  const tones = []
  for (const element of document.querySelectorAll('audio')) {
    if (element.paused || !element.srcObject?.getAudioTracks().length) continue
    const analyser = context.createAnalyser()
    analyser.fftSize = 8192
    context.createMediaStreamSource(element.srcObject).connect(analyser)
    await new Promise((r) => setTimeout(r, 400))
    const bins = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(bins)
    let best = 4
    for (let i = 4; i < bins.length; i++) if (bins[i] > bins[best]) best = i
    if (bins[best] > -70) tones.push(Math.round((best * context.sampleRate) / analyser.fftSize))
  }
  return tones.sort((a, b) => a - b)
}

// A view of the meeting's share, 640 × 360, kept as `views.share`.
window.showShare = () => {
  const view = CRVideo_CreatScreenShareObj()
  view.width(640)
  view.height(360)
  document.querySelector('#views').append(view.handler())
  window.views.share = view
}

// A view of the meeting's media, 640 × 360, kept as `views.media`.
window.showMedia = () => {
  const view = CRVideo_CreatMediaObj()
  view.width(640)
  view.height(360)
  document.querySelector('#views').append(view.handler())
  window.views.media = view
}
