export const shareEn = {
  share: {
    start: 'Share your screen',
    stop: 'Stop sharing',
    started: '{name} is sharing the screen',
    stopped: '{name} no longer shares the screen',
    title: 'Screen of {name}',
    youShare: 'You are sharing your screen',
    mirror:
      'You are sharing your screen. Everybody else sees it here; what they draw appears here, too.',
    control: 'Control:',
    onlyMe: 'Only me',
    controlledBy: '{name} controls your share',
    heldBy: '{name} controls the screen of {owner}',
    youControl: 'You control the share of {name}',
    giveUp: 'Give up control',
    mark: 'Draw on the share',
    clear: 'Remove what I drew',
    fullScreen: 'Show the share in full screen',
    tools: 'Share tools',
    ask: 'Ask for control',
    asked: 'Asked for control; waiting for the answer',
    asks: '{name} asks to control your share',
    asksTab:
      'Their clicks and keys act in this tab until you take control back: by the button at the top, or by Esc.',
    asksOther:
      'A browser passes clicks and keys on to this tab only. To let somebody control it, share this tab.',
    awaited: 'Waiting for the picture of {name} …',
    allowTab: 'Share this tab instead',
    allow: 'Let them control',
    refused: '{name} does not give control now',
    otherSurface:
      'A browser passes clicks and keys on to this tab only. To let somebody control it, share this tab.',
    larger: 'Zoom in',
    smaller: 'Zoom out',
    colours: { red: 'Red', yellow: 'Yellow', green: 'Green', blue: 'Blue' },
  },
}
