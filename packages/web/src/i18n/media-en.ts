/** The words of files that are played to all. */
export const mediaEn = {
  media: {
    open: 'Play a file to everybody',
    stopMine: 'Stop playing',
    drop: 'Drop the file to play it to everybody',
    notMedia: 'Only video and sound files can be played.',
    opening: 'Opening {file} …',
    started: '{name} plays {file}',
    stopped: '{name} no longer plays a file',
    title: '{name} plays {file}',
    youPlay: 'You play {file}',
    paused: 'paused',
    pause: 'Pause',
    resume: 'Go on',
    stop: 'Stop playing',
    again: 'Play it again',
    seek: 'Position',
    position: '{at} of {of}',
    volume: 'Volume of this page',
    fullScreen: 'Show in full screen',
  },
}
