/**
 * A page without any library: publishes a test picture with a tone or the camera, and shows everybody.
 * It is the example of the README as well.
 */
export const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>Media room</title>
<link rel="icon" href="data:,">
<style>
  body { font: 16px/1.5 system-ui; margin: 2rem; color-scheme: light dark }
  video { width: 320px; margin: 0 8px 8px 0; background: #8883 }
  button { font: inherit; padding: .3em 1em }
</style>
<h1>Media room</h1>
<p>
  <button id="picture">Publish a test picture</button>
  <button id="camera">Publish the camera</button>
  <button id="view">Watch everybody</button>
  <button id="end">End all</button>
</p>
<p id="said" role="status"></p>
<div id="videos"></div>
<script type="module">
const said = document.querySelector('#said')
const sessions = []

const post = async (address, pc) => {
  await pc.setLocalDescription()
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: pc.localDescription.sdp,
  })
  const body = await response.text()
  if (response.status !== 201) throw new Error(body)
  await pc.setRemoteDescription({ type: 'answer', sdp: body })
  sessions.push({ pc, url: response.headers.get('Location') })
}

const publish = async (stream) => {
  const pc = new RTCPeerConnection()
  for (const track of stream.getTracks()) pc.addTransceiver(track, { direction: 'sendonly' })
  await post('/whip', pc)
}

const testPicture = () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 })
  const draw = canvas.getContext('2d')
  let n = 0
  setInterval(() => {
    n += 1
    draw.fillStyle = 'hsl(' + (n * 7) % 360 + ' 80% 50%)'
    draw.fillRect(0, 0, 640, 360)
    draw.fillStyle = '#fff'
    draw.fillRect((n * 11) % 600, 160, 40, 40)
  }, 40)
  const audio = new AudioContext()
  const tone = audio.createOscillator()
  const out = audio.createMediaStreamDestination()
  tone.connect(out)
  tone.start()
  return new MediaStream([...canvas.captureStream(25).getTracks(), ...out.stream.getTracks()])
}

const watch = async () => {
  const pc = new RTCPeerConnection()
  const publishers = await (await fetch('/publishers')).json()
  const kinds = publishers.flatMap((p) => p.tracks)
  // One line of each kind is needed in any case.
  for (const kind of ['audio', 'video'])
    for (let i = 0; i < Math.max(1, kinds.filter((k) => k === kind).length); i++)
      pc.addTransceiver(kind, { direction: 'recvonly' })
  pc.ontrack = ({ track, streams: [stream] }) => {
    if (!stream) return
    let video = document.getElementById(stream.id)
    if (!video) {
      video = Object.assign(document.createElement('video'), { id: stream.id, controls: true })
      video.autoplay = video.playsInline = true
      video.srcObject = stream
      document.querySelector('#videos').append(video)
    }
  }
  await post('/whep', pc)
}

const end = async () => {
  for (const { pc, url } of sessions.splice(0)) {
    await fetch(url, { method: 'DELETE' })
    pc.close()
  }
  document.querySelector('#videos').replaceChildren()
}

const on = (id, run) => {
  document.getElementById(id).onclick = async () => {
    said.textContent = '…'
    try {
      await run()
      said.textContent = 'Done.'
    } catch (error) {
      said.textContent = error.message
    }
  }
}
on('picture', () => publish(testPicture()))
on('camera', async () =>
  publish(await navigator.mediaDevices.getUserMedia({ audio: true, video: true })))
on('view', watch)
on('end', end)
</script>
`
